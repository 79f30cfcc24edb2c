#!/bin/bash
# SPDX-License-Identifier: MIT
# Makes the shellcheck case: quoting and array findings on a terminal.
. "$(dirname "$0")/../lib.sh"
rm -rf scripts; mkdir scripts
cat > scripts/backup.sh <<'E'
#!/bin/bash
dest=$1
for f in $(ls *.db); do
  cp $f $dest/
done
cd $dest
rm -rf $TMP_DIR/*
if [ $? = 0 ]; then echo done; fi
E
run raw tty findings scripts 'shellcheck --color=always backup.sh'
