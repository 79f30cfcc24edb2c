// SPDX-License-Identifier: MIT
// Secrets that only their place gives away: in URLs, on command lines, in statements.
#include "core/rules/redact_patterns.h"

// One argument of a command, in quotes or not, and options of a command before it.
#define ARG "[\"']?([^\\s\"']{4,})"
#define WITHIN "[^|;&\\n]*?\\s"
#define V BS_PATTERN_VALUE
#define I BS_PATTERN_CASELESS
#define AT BS_PATTERN_AT
#define SPACE BS_PATTERN_SPACE

const struct bs_pattern bs_patterns_shapes[] = {
	// --- URLs
	// scheme://user:password@host; a password may hold '@' and, where no port could stand, '/'
	{"url-password", "://|:\\/\\/",
		":(?://|\\\\/\\\\/)[^\\s/:@\"'<>\\\\]*:(?![0-9]{1,5}(?:[/?#\\s\"'<>,;)]|$))"
		"([^\\s\"'<>@]{2,512}(?:@[^\\s\"'<>@/]{1,256})*)@(?=[A-Za-z0-9\\[_$%{])",
		V | AT},
	// scheme://token@host, long enough to be no user
	{"url-password", "://",
		"://((?=[A-Za-z_.~-]*[0-9])[A-Za-z0-9_.~-]{20,})@(?=[A-Za-z0-9\\[])", V | AT},
	{"url-password", "oracle:thin:", "oracle:thin:[^/\\s\"']+/([^@\\s\"']{3,})@", V | I},
	{"slack-webhook", "hooks.slack.com/",
		"hooks\\.slack\\.com/(?:services|workflows|triggers)/([A-Za-z0-9+/_-]{20,})", 0},
	{"discord-webhook", "/api/webhooks/", "/api/webhooks/[0-9]+/([A-Za-z0-9_-]{20,})", 0},
	{"teams-webhook", ".webhook.office.com/",
		"\\.webhook\\.office\\.com/webhookb2/([A-Za-z0-9@/_-]{40,})", 0},

	// --- command lines
	{"password", "mysql|mariadb|mycli",
		"(?:mysql|mariadb|mycli)[a-z_-]*\\b" WITHIN "-p(?!ort|rotocol|assword|rint)" ARG,
		V},
	{"password", "login", "\\blogin\\b" WITHIN "(?:-p|--password)(?:[= ]\\s*)" ARG, V},
	{"password", "twine|mongo|curator|vsts|kinit",
		"\\b(?:twine|mongo[a-z]*|curator|vsts|kinit)\\b" WITHIN "-p\\s+" ARG, V},
	{"password", "sshpass", "sshpass\\s+(?:-[a-oq-z]\\s+)*-p\\s*" ARG, V},
	{"password", "htpasswd",
		"htpasswd\\s+(?:-\\S+\\s+)*-[A-Za-z]*b[A-Za-z]*\\s+(?:-\\S+\\s+)*"
		"(?:[^\\s|;&>]+\\s+){1,2}" ARG "\\s*(?:$|[|;&>])",
		V},
	{"password", "/user:", "/user:\\S+\\s+(?!/)" ARG, V | I},
	{"password", "net use", "net\\s+use\\s+(?:[a-z*]:?\\s+)?\\\\\\\\\\S+\\s+(?!/)" ARG, V | I},
	{"password", "redis-cli", "redis-cli\\b" WITHIN "-a\\s+" ARG, V},
	{"password", "ldap", "\\bldap[a-z]+\\b" WITHIN "-w\\s*" ARG, V},
	{"password", "smbclient|rpcclient|mount.cifs",
		"(?:smbclient|rpcclient|mount\\.cifs)\\b" WITHIN "-U\\s*[\"']?[^\\s%\"']+%" ARG, V},
	{"password", "sqlcmd|osql|bcp ", "\\b(?:sqlcmd|osql|bcp)\\b" WITHIN "-P\\s*" ARG, V},
	{"password", "sqlplus", "sqlplus\\s+(?:-\\S+\\s+)*[^\\s/]+/([^\\s@\"']{3,})", V},
	{"password", "zip ", "\\b(?:un)?zip\\b" WITHIN "-P\\s*" ARG, V},
	{"password", "7z a|7z x|7za|7zr|7zz", "\\b7z[a-z]?\\b" WITHIN "-p" ARG, V},
	{"password", "pass:", "(?:-pass(?:in|out|word)?|-k|--passphrase)[= ]\\s*pass:" ARG, V},
	{"password", "chpasswd",
		"[\"'\\s][^\\s:\"']+:([^\\s\"'|]{4,})[\"']?\\s*\\|\\s*(?:sudo\\s+)?chpasswd", V},
	{"password", "stdin|sudo -S|kinit",
		"(?:echo|printf)\\s+(?:-\\S+\\s+)*[\"']?(?:%s[\"']?\\s+[\"']?)?([^\\s\"'|]{4,})[\"']?\\s*\\|[^|]*"
		"(?:--password-stdin|--stdin|--with-token|sudo -S|kinit)",
		V},
	{"password", "rabbitmqctl|htdigest",
		"rabbitmqctl\\s+(?:-\\S+\\s+)*(?:add_user|change_password|authenticate_user)\\s+\\S+\\s+" ARG,
		V},
	{"password", "login", "\\blogin\\s+\\S+\\s+password\\s+" ARG, V | I}, // .netrc
	{"password", "creds ", "--(?:src-|dest-)?creds[= ][\"']?[^\\s:\"']+:([^\\s\"']{3,})", V},

	// curl -u user:password, and its lines after a '\'
	{"password", "curl|wget|http ",
		"\\b(?:curl|wget|https?)\\b.*?\\s(?:-[a-zA-Z]*u|--(?:proxy-)?user|-U)[= ]?\\s*"
		"[\"']?[^\\s\"':<]*[\"']?:[\"']?([^\\s\"']{3,})",
		V},
	{"password", "curl", "\\bcurl\\b.*?\\s(?:-u|--user)[= ]?\\s*[\"']([^\\s\"':]{8,}):[\"']",
		V},
	{"password", "--user|--proxy-user",
		"--(?:proxy-)?user[= ]\\s*[\"']?[^\\s\"':<]*[\"']?:(?!//|[0-9]+(?:\\s|$))[\"']?([^\\s\"']{4,})",
		V},
	{"password", "-u ", "^[\\s#+>]*-u\\s+[\"']?[^\\s\"':]+:(?![0-9]+(?:\\s|$))([^\\s\"']{6,})",
		V},

	{"password", "openssl",
		"\\bopenssl\\b" WITHIN "-(?:k|K|pass)\\s+(?!pass:|env:|file:|fd:|stdin)" ARG, V},
	{"password", "ENV |setx ",
		"\\b(?:ENV|setx)\\s+[A-Z0-9_]*(?:PASSWORD|PASSWD|TOKEN|SECRET|API_KEY|ACCESS_KEY)\\s+" ARG,
		V},

	// --- sentences: invalid password "x", using token x, the api key is x
	{"password", "password", "\\bpassword\\s+[\"']((?=[^\"']*[0-9!@#$%^&*])[^\\s\"']{6,})[\"']",
		V | I},
	{"password", "password for",
		"\\b(?:new|temporary|initial|generated|default|reset) password for (?:[^\\s:]+ ){0,2}[^\\s:]+:\\s+"
		"[\"']?((?=\\S*(?:[0-9!@#$%^&*+=_-]|[a-z][A-Z]))[^\\s\"']{6,})[\"']?\\s*$",
		V | I},
	{"token", "token|key|secret",
		"(?:using|bad|invalid|wrong|expired)\\s+"
		"(?:(?:api|access|secret)[ _-]?(?:key|token)|token|secret)\\s+[\"'(]?((?=[A-Za-z._-]*[0-9])[A-Za-z0-9_.~+/=-]{20,})",
		V | I | SPACE},
	{"token", "token is|key is|password is|secret is",
		"\\b(?:(?:api|access|secret|private)[ _-]?key|token|password|secret)\\s+is:?\\s+[\"'(]?"
		"((?=[A-Za-z._-]*[0-9])[A-Za-z0-9_.~+/=!@#$%^&*-]{8,})",
		V | I},

	// --- statements and files
	{"password", "identified",
		"identified\\s+(?:with\\s+\\S+\\s+)?(?:by|as)\\s+(?:password\\s+)?'([^']{3,})'",
		V | I},
	{"password", "password", "\\bpassword\\s*\\(?\\s*'([^'\\s]{4,})'", V | I},
	{"password", "value=",
		"key=\"[^\"]*(?:password|passwd|secret|token|apikey)[^\"]*\"\\s+value=\"([^\"]{6,})\"",
		V | I},
	{"password", "\"value\"",
		"\"(?:name|key)\"\\s*:\\s*\"[^\"]*(?:password|passwd|secret|token|api_?key)\"\\s*,\\s*"
		"\"value\"\\s*:\\s*\"([^\"]{6,})\"",
		V | I},
	{"sidekiq-secret", "BUNDLE_",
		"BUNDLE_[A-Z0-9_]+__[A-Z0-9_]+[A-Za-z_]*[\"']?\\s*[:=]+>?\\s*[\"'`]?([^\\s\"'`:]+:[^\\s\"'`]+)",
		V},
	{"authorization", "bearer",
		"\\bbearer\\s+((?=[A-Za-z._~+/=|-]*[0-9])[A-Za-z0-9._~+/=|-]{16,})", V | I},
	{NULL, NULL, NULL, 0},
};
