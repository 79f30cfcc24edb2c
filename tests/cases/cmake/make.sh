#!/bin/bash
# SPDX-License-Identifier: MIT
# Makes the cmake cases: a missing package at configure time, and a failing compile in a Makefile build with colours.
. "$(dirname "$0")/../lib.sh"
rm -rf gateway; mkdir -p gateway/src
cat > gateway/CMakeLists.txt <<'E'
cmake_minimum_required(VERSION 3.16)
project(gateway VERSION 2.3.0 LANGUAGES C CXX)
include(CheckIncludeFile)
include(CheckFunctionExists)
foreach(h stdint.h sys/epoll.h sys/event.h sys/socket.h netinet/tcp.h poll.h unistd.h pthread.h dlfcn.h kqueue.h)
  check_include_file(${h} HAVE_${h})
endforeach()
foreach(f epoll_create1 kqueue accept4 strlcpy getrandom)
  check_function_exists(${f} HAVE_${f})
endforeach()
find_package(Threads REQUIRED)
find_package(Protocolz 3.12 REQUIRED)
add_executable(gateway src/main.c)
E
echo 'int main(void) { return 0; }' > gateway/src/main.c
run github plain missing-package gateway 'cmake -S . -B build -DCMAKE_BUILD_TYPE=Release'
rm -rf render; mkdir -p render/src
for i in $(seq 1 60); do echo "float shade_$i(float v) { return v * ${i}.5f; }" > render/src/shade_$i.cpp; done
cat > render/src/camera.cpp <<'E'
#include <memory>
struct Lens { float focal; };
class Camera {
public:
  explicit Camera(std::unique_ptr<Lens> lens) : lens_(std::move(lens)) {}
private:
  std::unique_ptr<Lens> lens_;
};
Camera duplicate(const Camera &c) { return Camera(c); }
E
cat > render/CMakeLists.txt <<'E'
cmake_minimum_required(VERSION 3.16)
project(render CXX)
file(GLOB SHADERS CONFIGURE_DEPENDS src/shade_*.cpp)
add_library(shaders STATIC ${SHADERS})
add_library(scene STATIC src/camera.cpp)
add_executable(viewer src/shade_1.cpp)
target_link_libraries(viewer scene shaders)
E
run buildkite tty build-error render 'cmake -S . -B build && cmake --build build -- -j2' 'make viewer'
