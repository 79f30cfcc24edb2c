#!/bin/bash
# SPDX-License-Identifier: MIT
# Makes the ruby cases: an rspec mismatch in documentation format, a minitest failure and error.
. "$(dirname "$0")/../lib.sh"
rm -rf inv; mkdir -p inv/spec inv/test
for i in $(seq 1 15); do echo "RSpec.describe 'stock rule $i' do
  (1..40).each { |n| it(\"keeps #{n} pieces of part $i\") { expect(n * $i).to be > 0 } }
end" > inv/spec/rule${i}_spec.rb; done
cat > inv/spec/reorder_spec.rb <<'E'
def reorder(stock)
  stock.select { |_, n| n < 5 }.keys
end

RSpec.describe 'reorder' do
  it 'lists parts at or below the minimum' do
    expect(reorder('bolt' => 5, 'nut' => 2, 'gear' => 40)).to eq(%w[bolt nut])
  end
end
E
run github tty rspec-mismatch inv 'rspec --force-color --format documentation'
{ echo "require 'minitest/autorun'
class StockTest < Minitest::Test"; for i in $(seq 1 250); do echo "  def test_part_$i; assert_equal $i, Integer('$i'); end"; done; cat <<'E'
  def test_label_has_leading_zeros
    assert_equal 'P-0042', format('P-%d', 42)
  end

  def test_unknown_part
    parts = { 'bolt' => 1 }
    assert_equal 0, parts['gear'].count
  end
end
E
} > inv/test/stock_test.rb
run raw plain minitest inv 'ruby test/stock_test.rb --verbose --seed 4711'
