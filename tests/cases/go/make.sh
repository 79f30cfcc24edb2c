#!/bin/bash
# SPDX-License-Identifier: MIT
# Makes the go cases: many-package test failure, build error, vet, panic, data race, test timeout, missing module.
. "$(dirname "$0")/../lib.sh"
gen() { # gen DIR PACKAGES TESTS
    rm -rf "$1"; mkdir -p "$1"
    printf 'module acme.example/%s\n\ngo 1.21\n' "$1" > "$1/go.mod"
    for p in $(seq 1 "$2"); do
        mkdir -p "$1/internal/pkg$p"
        printf 'package pkg%d\n\nfunc Scale(n int) int { return n * %d }\n' $p $p > "$1/internal/pkg$p/scale.go"
        cat > "$1/internal/pkg$p/scale_test.go" <<E
package pkg$p

import (
	"fmt"
	"testing"
)

func TestScale(t *testing.T) {
	for n := 0; n < $3; n++ {
		t.Run(fmt.Sprintf("n=%d", n), func(t *testing.T) {
			t.Logf("scale %d -> %d", n, Scale(n))
			if Scale(n) != n*$p {
				t.Fatal("wrong")
			}
		})
	}
}
E
    done
}
gen billing 70 60
mkdir -p billing/internal/pkg40/money
cat > billing/internal/pkg40/money/round.go <<'E'
package money

// Round rounds cents to the nearest five.
func Round(cents int) int { return (cents / 5) * 5 }
E
cat > billing/internal/pkg40/money/round_test.go <<'E'
package money

import "testing"

func TestRound(t *testing.T) {
	for _, tc := range []struct {
		name     string
		in, want int
	}{
		{"exact", 125, 125},
		{"down", 122, 120},
		{"up", 123, 125},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if got := Round(tc.in); got != tc.want {
				t.Errorf("Round(%d) = %d, want %d", tc.in, got, tc.want)
			}
		})
	}
}
E
run buildkite plain test-verbose-large billing 'go test -v ./...'
gen build 8 2
cat > build/internal/pkg5/client.go <<'E'
package pkg5

import (
	"fmt"
	"net/http"
)

type Client struct{ base string }

func (c *Client) Get(path string) (string, error) {
	resp := http.Get(c.base + path)
	return resp.Status, nil
}

func (c *Client) String() int { return c.baze }
E
run raw plain build-error build 'go build ./...'
gen vet 12 3
cat > vet/internal/pkg9/log.go <<'E'
package pkg9

import "fmt"

func Report(user string, attempts int) {
	fmt.Printf("login of %d failed %s times\n", user, attempts)
}
E
run github plain vet vet 'go vet ./...'
gen panics 20 30
cat > panics/internal/pkg13/pool.go <<'E'
package pkg13

import "sync"

type Conn struct{ ID int }
type Pool struct {
	mu   sync.Mutex
	free map[string]*Conn
}

func (p *Pool) Take(host string) *Conn {
	p.mu.Lock()
	defer p.mu.Unlock()
	c := p.free[host]
	c.ID++
	return c
}
E
cat > panics/internal/pkg13/pool_test.go <<'E'
package pkg13

import (
	"testing"
	"time"
)

func TestPoolReuse(t *testing.T) {
	p := &Pool{free: map[string]*Conn{"a": {ID: 1}}}
	for i := 0; i < 6; i++ {
		go func() { time.Sleep(time.Minute) }()
	}
	time.Sleep(20 * time.Millisecond)
	p.Take("a")
	p.Take("b")
}
E
run buildkite plain panic-goroutines panics 'GOTRACEBACK=all go test -v ./...' 'go test -v ./...'
gen race 10 20
cat > race/internal/pkg4/counter.go <<'E'
package pkg4

type Counter struct{ hits map[string]int }

func (c *Counter) Hit(k string) { c.hits[k]++ }
E
cat > race/internal/pkg4/counter_test.go <<'E'
package pkg4

import (
	"sync"
	"testing"
)

func TestCounterConcurrent(t *testing.T) {
	n := 0
	var wg sync.WaitGroup
	for i := 0; i < 2; i++ {
		wg.Add(1)
		go func() {
			defer wg.Done()
			n++
		}()
	}
	wg.Wait()
	if n != 2 {
		t.Log("lost update")
	}
}
E
run raw plain data-race race 'go test -race -v ./...'
gen hang 10 40
cat > hang/internal/pkg7/queue_test.go <<'E'
package pkg7

import "testing"

func TestQueueDrain(t *testing.T) {
	jobs := make(chan int)
	go func() {
		for range jobs {
		}
	}()
	jobs <- 1
	done := make(chan bool)
	<-done
}
E
run buildkite plain test-timeout hang 'go test -v -timeout 5s ./...'
gen dep 3 2
printf 'package dep\n\nimport "acme.invalid/telemetry/span"\n\nvar S = span.New()\n' > dep/dep.go
run raw plain missing-module dep 'go build ./...'
