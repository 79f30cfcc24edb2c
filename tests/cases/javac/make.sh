#!/bin/bash
# SPDX-License-Identifier: MIT
# Makes the javac case (three errors) and a Java program that ends with a chained exception.
. "$(dirname "$0")/../lib.sh"
rm -rf ledgerj; mkdir -p ledgerj/acme
printf 'package acme;\n\npublic class Account {\n    private long cents;\n\n    void add(Money m) {\n        cents += m.cents();\n    }\n\n    String show() {\n        return cents;\n    }\n\n    static int count() { }\n}\n' > ledgerj/acme/Account.java
run raw plain errors ledgerj 'javac -Xlint:all -d out acme/Account.java'
rm -rf loader; mkdir loader
cat > loader/Loader.java <<'E'
import java.io.IOException;
import java.util.logging.Logger;

public class Loader {
    private static final Logger LOG = Logger.getLogger("loader");

    static int parse(String row) {
        return Integer.parseInt(row.split(";")[1]);
    }

    static void load(int n) throws IOException {
        try {
            parse("id-" + n + (n == 700 ? ";12 kg" : ";" + n));
        } catch (NumberFormatException e) {
            throw new IOException("row " + n + " of weights.csv is not readable", e);
        }
        LOG.info("row " + n + " loaded");
    }

    public static void main(String[] args) {
        try {
            for (int n = 1; n <= 1000; n++)
                load(n);
        } catch (IOException e) {
            throw new IllegalStateException("import of weights.csv failed", e);
        }
    }
}
E
run github plain chained-exception loader 'javac Loader.java && java Loader'
