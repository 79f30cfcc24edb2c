#!/bin/bash
# SPDX-License-Identifier: MIT
# Makes the container case: a Containerfile built from scratch with buildah (chroot isolation), whose test step fails.
. "$(dirname "$0")/../lib.sh"
rm -rf image; mkdir -p image/rootfs/bin image/rootfs/tmp
cp "$(command -v busybox)" image/rootfs/bin/busybox
for c in sh seq echo test cat ls mkdir printf cp grep; do ln -s busybox image/rootfs/bin/$c; done
cat > image/selftest.sh <<'E'
#!/bin/sh
for i in $(seq 1 260); do echo "selftest: probe $i: ok"; done
echo "selftest: probe 261: locale en_GB.UTF-8 missing from /usr/share/locale" >&2
exit 9
E
cat > image/Containerfile <<'E'
FROM scratch
COPY rootfs/ /
COPY selftest.sh /opt/selftest.sh
RUN ["/bin/sh", "-c", "for i in $(seq 1 120); do echo \"Unpacking library-$i (1.$i-1) ...\"; done"]
RUN ["/bin/sh", "-c", "mkdir -p /srv/app && echo ready > /srv/app/state"]
RUN ["/bin/sh", "/opt/selftest.sh"]
RUN ["/bin/sh", "-c", "echo never"]
E
run buildkite plain build-step-fails image 'buildah --storage-driver vfs --root /ci/image/store --runroot /ci/image/run bud --isolation chroot --network host -t acme/app .' 'docker build -t acme/app .'
rm -rf image/store image/run
