#!/bin/bash
# SPDX-License-Identifier: MIT
# Makes the cargo cases: borrow error after dependency builds, test panic, clippy -D warnings, rustfmt --check, missing crate.
. "$(dirname "$0")/../lib.sh"
rm -rf mailer; mkdir -p mailer/src
cat > mailer/Cargo.toml <<'E'
[package]
name = "mailer"
version = "0.3.1"
edition = "2021"

[dependencies]
serde = { version = "1", features = ["derive"] }
serde_json = "1"
regex = "1"
clap = { version = "4", features = ["derive"] }
E
cat > mailer/src/main.rs <<'E'
mod queue;

fn main() {
    let mut q = queue::Queue::default();
    q.push("hello".to_string());
    println!("{}", q.flush());
}
E
cat > mailer/src/queue.rs <<'E'
#[derive(Default)]
pub struct Queue {
    pending: Vec<String>,
    sent: usize,
}

impl Queue {
    pub fn push(&mut self, m: String) {
        self.pending.push(m);
    }

    fn mark(&mut self, n: usize) {
        self.sent += n;
    }

    pub fn flush(&mut self) -> usize {
        for m in self.pending.iter() {
            self.mark(m.len());
        }
        self.sent
    }
}
E
rm -rf "$CARGO_HOME/registry"
run buildkite tty borrow-error mailer 'cargo build'
rm -rf parser; mkdir -p parser/src
printf '[package]\nname = "parser"\nversion = "0.1.0"\nedition = "2021"\n' > parser/Cargo.toml
{ cat <<'E'
pub fn duration(s: &str) -> Option<u64> {
    let (n, unit) = s.split_at(s.len() - 1);
    let n: u64 = n.parse().ok()?;
    match unit {
        "s" => Some(n),
        "m" => Some(n * 60),
        "h" => Some(n * 360),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours() {
        assert_eq!(duration("2h"), Some(7200), "two hours in seconds");
    }
E
for i in $(seq 1 2500); do printf '    #[test]\n    fn seconds_%04d() {\n        assert_eq!(duration("%ds"), Some(%d));\n    }\n' $i $i $i; done
echo '}'; } > parser/src/lib.rs
run github plain test-panic parser 'cargo test'
rm -rf clip; mkdir -p clip/src
printf '[package]\nname = "clip"\nversion = "0.1.0"\nedition = "2021"\n' > clip/Cargo.toml
cat > clip/src/lib.rs <<'E'
pub fn first_word(s: &String) -> &str {
    let words: Vec<&str> = s.split(' ').collect();
    if words.len() == 0 {
        return "";
    }
    return words[0];
}
E
run raw tty clippy clip 'cargo clippy -- -D warnings'
cat > clip/src/lib.rs <<'E'
pub fn area(w: u32,h: u32) -> u32 {
  let a = w*h;
    a
}
E
run raw plain rustfmt clip 'cargo fmt --check'
printf '\n[dependencies]\nserde = "99"\n' >> clip/Cargo.toml
run buildkite plain no-matching-version clip 'cargo build'
