#!/bin/bash
# SPDX-License-Identifier: MIT
# Makes the ansible cases (needs ansible-core on PATH): a failed task after many good ones, and a playbook syntax error.
. "$(dirname "$0")/../lib.sh"
PATH=$WORK/venv/bin:$PATH
export ANSIBLE_NOCOWS=1 ANSIBLE_LOCALHOST_WARNING=False
rm -rf site; mkdir site
{ echo '- name: Configure web servers'; echo '  hosts: web'; echo '  gather_facts: false'; echo '  tasks:'
for i in $(seq 1 70); do printf '    - name: Check limit %d\n      ansible.builtin.assert:\n        that: %d < 100\n        quiet: true\n' $i $i; done
cat <<'E'
    - name: Render virtual host
      ansible.builtin.template:
        src: vhost.conf.j2
        dest: /ci/site/vhost.conf
        mode: "0644"
E
} > site/site.yml
printf 'server_name {{ web_domain }};\nport {{ web_port }};\n' > site/vhost.conf.j2
printf '[web]\nweb1 ansible_connection=local web_domain=a.example ansible_python_interpreter=/usr/bin/python3\nweb2 ansible_connection=local web_domain=b.example web_port=80 ansible_python_interpreter=/usr/bin/python3\n' > site/hosts
run buildkite tty failed-task site 'ansible-playbook -i hosts site.yml'
printf -- '- name: Broken\n  hosts: web\n  tasks:\n    - name: Install\n      ansible.builtin.pakage:\n        name: nginx\n' > site/broken.yml
run raw plain unknown-module site 'ansible-playbook -i hosts --syntax-check broken.yml'
