#!/bin/bash
# SPDX-License-Identifier: MIT
# Makes the clang case: a C++ build with many deprecation warnings and one call with wrong arguments.
. "$(dirname "$0")/../lib.sh"
rm -rf player; mkdir -p player/src
cat > player/src/track.hpp <<'E'
#pragma once
#include <string>
struct Track {
  std::string title;
  int seconds;
  [[deprecated("use duration() instead")]] int length() const { return seconds; }
  int duration() const { return seconds; }
};
void enqueue(const Track &track, int position);
E
for i in $(seq 1 40); do
    cat > player/src/view$i.cpp <<E
#include "track.hpp"
int view${i}_width(const Track &t, int zoom) {
  int unused = zoom;
  return t.length() * $i + t.length();
}
E
done
cat > player/src/playlist.cpp <<'E'
#include "track.hpp"
#include <vector>
void restore(const std::vector<Track> &tracks) {
  for (const auto &t : tracks)
    enqueue(t.title, t.duration());
  for (auto i = tracks.begin(); i != tracks.end(); ++i)
    enqueue(*i, i->postion);
}
E
cat > player/Makefile <<'E'
CXX = clang++
CXXFLAGS = -std=c++17 -Wall -Wextra
OBJS = $(patsubst src/%.cpp,build/%.o,$(sort $(wildcard src/*.cpp)))
all: $(OBJS)
build/%.o: src/%.cpp
	@mkdir -p build
	$(CXX) $(CXXFLAGS) -c -o $@ $<
E
run buildkite tty error player 'make -k'
