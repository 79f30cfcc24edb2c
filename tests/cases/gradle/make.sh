#!/bin/bash
# SPDX-License-Identifier: MIT
# Makes the gradle cases (Debian's gradle, offline, with Debian's junit4): a failing test and a compile failure.
. "$(dirname "$0")/../lib.sh"
export GRADLE_OPTS=-Dorg.gradle.daemon=false
proj() {
    rm -rf "$1"; mkdir -p "$1/src/main/java/acme" "$1/src/test/java/acme"
    echo "rootProject.name = '$1'" > "$1/settings.gradle"
    cat > "$1/build.gradle" <<'E'
apply plugin: 'java'
dependencies {
    testCompile files('/usr/share/java/junit4.jar', '/usr/share/java/hamcrest-core.jar')
}
test { testLogging { events 'passed', 'failed', 'standardOut'; exceptionFormat 'full' } }
E
    for i in $(seq 1 40); do
        printf 'package acme;\n\nimport org.junit.Test;\n\npublic class Codec%dTest {\n    @Test public void roundTrip() { System.out.println("codec %d warm-up"); }\n    @Test public void empty() { }\n}\n' $i $i > "$1/src/test/java/acme/Codec${i}Test.java"
    done
    printf 'package acme;\n\npublic class Slug {\n    public static String of(String s) { return s.toLowerCase().replace(" ", "-"); }\n}\n' > "$1/src/main/java/acme/Slug.java"
}
proj slugs
printf 'package acme;\n\nimport static org.junit.Assert.assertEquals;\n\nimport org.junit.Test;\n\npublic class SlugTest {\n    @Test public void stripsPunctuation() {\n        assertEquals("hello-world", Slug.of("Hello, World"));\n    }\n}\n' > slugs/src/test/java/acme/SlugTest.java
run buildkite tty test-failure slugs 'gradle --offline --no-daemon --console=rich test' './gradlew test'
proj pages
printf 'package acme;\n\npublic class Page {\n    public String path(String title) { return Slug.from(title) + count; }\n}\n' > pages/src/main/java/acme/Page.java
run raw plain compile-failure pages 'gradle --offline --no-daemon build'
