#!/bin/bash
# SPDX-License-Identifier: MIT
# Makes the maven cases, the first with an empty local repository: surefire failure, compile error, missing artefact, checkstyle.
. "$(dirname "$0")/../lib.sh"
export MAVEN_OPTS=-Duser.home=$HOME
pom() { # pom DIR EXTRA-DEPENDENCIES EXTRA-PLUGINS
    mkdir -p "$1/src/main/java/com/acme/app" "$1/src/test/java/com/acme/app"
    cat > "$1/pom.xml" <<E
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>com.acme</groupId><artifactId>$1</artifactId><version>1.4.0-SNAPSHOT</version>
  <properties>
    <maven.compiler.source>17</maven.compiler.source><maven.compiler.target>17</maven.compiler.target>
    <project.build.sourceEncoding>UTF-8</project.build.sourceEncoding>
  </properties>
  <dependencies>
    <dependency><groupId>org.junit.jupiter</groupId><artifactId>junit-jupiter</artifactId><version>5.10.2</version><scope>test</scope></dependency>
    $2
  </dependencies>
  <build><plugins>
    <plugin><artifactId>maven-surefire-plugin</artifactId><version>3.2.5</version></plugin>
    $3
  </plugins></build>
</project>
E
}
rm -rf orders "$HOME/.m2"; pom orders
cat > orders/src/main/java/com/acme/app/Discount.java <<'E'
package com.acme.app;

public final class Discount {
    private Discount() { }

    public static long apply(long cents, int percent) {
        return cents - cents / 100 * percent;
    }
}
E
for i in $(seq 1 60); do
    printf 'package com.acme.app;\n\nimport static org.junit.jupiter.api.Assertions.assertEquals;\n\nimport org.junit.jupiter.api.Test;\n\nclass Step%dTest {\n    @Test\n    void noDiscount() {\n        System.out.println("DEBUG step %d: loading rates");\n        System.out.println("DEBUG step %d: rates loaded");\n        assertEquals(%d, Discount.apply(%d, 0));\n    }\n}\n' $i $i $i $i $i > orders/src/test/java/com/acme/app/Step${i}Test.java
done
cat > orders/src/test/java/com/acme/app/DiscountTest.java <<'E'
package com.acme.app;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class DiscountTest {
    @Test
    void roundsToTheCent() {
        assertEquals(1799, Discount.apply(1999, 10), "10 % of 19.99");
    }

    @Test
    void fullDiscount() {
        assertEquals(0, Discount.apply(500, 100));
    }
}
E
run buildkite plain surefire-failure orders 'mvn -B verify' 'mvn -B verify'
rm -rf billing-api; pom billing-api
cat > billing-api/src/main/java/com/acme/app/Invoice.java <<'E'
package com.acme.app;

import java.util.List;

public class Invoice {
    private final List<String> lines = List.of();

    public int total() {
        String sum = lines.size();
        return sum + tax(sum);
    }
}
E
run raw tty compilation-error billing-api 'mvn compile'
rm -rf reports; pom reports '<dependency><groupId>com.acme.internal</groupId><artifactId>pdf-writer</artifactId><version>7.1.0</version></dependency>'
run raw plain dependency-not-found reports 'mvn -B package'
rm -rf style; pom style '' '<plugin><artifactId>maven-checkstyle-plugin</artifactId><version>3.3.1</version><configuration><configLocation>checks.xml</configLocation><consoleOutput>true</consoleOutput><failsOnError>true</failsOnError></configuration><executions><execution><phase>validate</phase><goals><goal>check</goal></goals></execution></executions></plugin>'
cat > style/checks.xml <<'E'
<?xml version="1.0"?>
<!DOCTYPE module PUBLIC "-//Checkstyle//DTD Checkstyle Configuration 1.3//EN" "https://checkstyle.org/dtds/configuration_1_3.dtd">
<module name="Checker"><property name="severity" value="error"/><module name="TreeWalker"><module name="ConstantName"/><module name="UnusedImports"/><module name="NeedBraces"/></module></module>
E
printf 'package com.acme.app;\n\nimport java.util.Map;\n\npublic class Limits {\n    static final int maxRows = 10;\n\n    int clamp(int n) {\n        if (n > maxRows) return maxRows;\n        return n;\n    }\n}\n' > style/src/main/java/com/acme/app/Limits.java
run github plain checkstyle style 'mvn -B verify'
