#!/bin/bash
# SPDX-License-Identifier: MIT
# Makes the JUnit console case: a tree of 200 tests on a terminal with one failed assertion.
. "$(dirname "$0")/../lib.sh"
export MAVEN_OPTS=-Duser.home=$HOME
rm -rf clock; mkdir clock
mvn -q dependency:copy -Dartifact=org.junit.platform:junit-platform-console-standalone:1.10.2 -DoutputDirectory="$WORK/clock" >/dev/null
cat > clock/ClockTest.java <<'E'
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.LocalTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ClockTest {
    static java.util.stream.IntStream minutes() { return java.util.stream.IntStream.range(0, 200); }

    @ParameterizedTest
    @MethodSource("minutes")
    void everyMinuteHasAnHour(int m) {
        assertEquals(m / 60, LocalTime.ofSecondOfDay(m * 60L).getHour());
    }

    @Test
    void shiftEndsOnTheNextDay() {
        assertEquals(LocalTime.of(6, 0), LocalTime.of(22, 0).plusHours(7), "end of night shift");
    }
}
E
run raw tty console-tree clock 'javac -cp junit-platform-console-standalone-1.10.2.jar -d out ClockTest.java && java -jar junit-platform-console-standalone-1.10.2.jar execute -cp out --select-class ClockTest'
