#!/bin/bash
# SPDX-License-Identifier: MIT
# Makes the elixir case: ExUnit with --trace, one failing match.
. "$(dirname "$0")/../lib.sh"
rm -rf meter; mkdir -p meter/lib meter/test
cat > meter/mix.exs <<'E'
defmodule Meter.MixProject do
  use Mix.Project
  def project, do: [app: :meter, version: "0.1.0", elixir: "~> 1.14"]
end
E
echo 'ExUnit.start()' > meter/test/test_helper.exs
cat > meter/lib/meter.ex <<'E'
defmodule Meter do
  def average([]), do: 0
  def average(list), do: div(Enum.sum(list), length(list))
end
E
cat > meter/test/meter_test.exs <<'E'
defmodule MeterTest do
  use ExUnit.Case, async: false

  for n <- 1..300 do
    test "average of #{n} equal values" do
      assert Meter.average(List.duplicate(7, unquote(n))) == 7
    end
  end

  test "average keeps the fraction" do
    assert Meter.average([1, 2]) == 1.5
  end
end
E
run raw tty exunit meter 'mix test --trace --seed 0'
