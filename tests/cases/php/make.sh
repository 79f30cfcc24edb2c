#!/bin/bash
# SPDX-License-Identifier: MIT
# Makes the php cases: a phpunit failure with testdox, and a fatal error.
. "$(dirname "$0")/../lib.sh"
rm -rf blog; mkdir -p blog/tests
cat > blog/tests/FeedTest.php <<'E'
<?php
use PHPUnit\Framework\TestCase;

final class FeedTest extends TestCase
{
    public static function rows(): array
    {
        return array_map(fn ($n) => [$n], range(1, 350));
    }

    /** @dataProvider rows */
    public function testEntryIsEscaped(int $n): void
    {
        $this->assertSame("entry &lt;$n&gt;", htmlspecialchars("entry <$n>"));
    }

    public function testOrderIsNewestFirst(): void
    {
        $dates = ['2026-01-02', '2026-03-01', '2026-02-11'];
        sort($dates);
        $this->assertSame(['2026-03-01', '2026-02-11', '2026-01-02'], $dates);
    }
}
E
run buildkite tty phpunit-diff blog 'phpunit --colors=always --testdox tests'
cat > blog/import.php <<'E'
<?php
declare(strict_types=1);
function slug(string $title): string { return strtolower($title); }
for ($i = 1; $i <= 200; $i++) echo "imported post $i\n";
echo slug(404);
E
run raw plain fatal-error blog 'php -d display_errors=stderr -d html_errors=0 -d log_errors=0 import.php'
