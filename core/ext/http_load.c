// SPDX-License-Identifier: MIT
// libcurl, loaded when the first of its functions is called: with the libraries that it brings it
// costs three times what trimming a small log takes, and most commands never send anything.
//
// These stand in the place of the functions themselves, by name; nothing else knows of it. Without
// the library each answers as libcurl does when it is out of memory.
#include <dlfcn.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>

#define CURL_DISABLE_TYPECHECK
#define curl_url_get curl_url_get_as_declared // with `const` or without, by version
#include <curl/curl.h>
#undef curl_url_get
CURLUcode curl_url_get(const CURLU *url, CURLUPart what, char **part, unsigned how);

#define ROOM_BYTES (1024 * 1024) // loading takes a tenth of it

#undef curl_easy_getinfo // macros that only check their arguments
#undef curl_easy_setopt
#undef curl_multi_setopt

// The loader of glibc ends the process when it finds no memory for the thread-local data of a
// library (elf/dl-tls.c): without room to spare nothing is loaded.
static bool has_room(void)
{
	void *room = malloc(ROOM_BYTES);
	free(room);
	return room != NULL;
}

// The function of the library with this name; NULL when there is none.
static void *find(const char *name)
{
	static bool refused;
	static const char *const names[] = {
		"libcurl.so.4", "libcurl-gnutls.so.4", "libcurl.4.dylib", "libcurl.so"};
	static void *library; // for good: libcurl must not be unloaded once it has run
	refused = refused || (!library && !has_room());
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]) && !library && !refused; i++)
		library = dlopen(names[i], RTLD_NOW | RTLD_LOCAL);
	return library ? dlsym(library, name) : NULL;
}

// ISO C has no cast from an object's address to a function's; POSIX has this.
#define FIND(call, name) \
	if (!(call))     \
	*(void **)&(call) = find(name)

#define CALLS(X)                                                                                  \
	X(CURLcode, curl_global_init, (long flags), (flags), CURLE_FAILED_INIT)                   \
	X(curl_version_info_data *, curl_version_info, (CURLversion age), (age), NULL)            \
	X(CURL *, curl_easy_init, (void), (), NULL)                                               \
	X(CURLcode, curl_easy_perform, (CURL * easy), (easy), CURLE_FAILED_INIT)                  \
	X(const char *, curl_easy_strerror, (CURLcode code), (code), "libcurl is missing")        \
	X(CURLM *, curl_multi_init, (void), (), NULL)                                             \
	X(CURLMcode, curl_multi_add_handle, (CURLM * multi, CURL * easy), (multi, easy),          \
		CURLM_OUT_OF_MEMORY)                                                              \
	X(CURLMcode, curl_multi_remove_handle, (CURLM * multi, CURL * easy), (multi, easy),       \
		CURLM_OUT_OF_MEMORY)                                                              \
	X(CURLMcode, curl_multi_perform, (CURLM * multi, int *running), (multi, running),         \
		CURLM_OUT_OF_MEMORY)                                                              \
	X(CURLMcode, curl_multi_poll,                                                             \
		(CURLM * multi, struct curl_waitfd more[], unsigned count, int ms, int *ready),   \
		(multi, more, count, ms, ready), CURLM_OUT_OF_MEMORY)                             \
	X(CURLMsg *, curl_multi_info_read, (CURLM * multi, int *left), (multi, left), NULL)       \
	X(CURLMcode, curl_multi_cleanup, (CURLM * multi), (multi), CURLM_OUT_OF_MEMORY)           \
	X(const char *, curl_multi_strerror, (CURLMcode code), (code), "libcurl is missing")      \
	X(struct curl_slist *, curl_slist_append, (struct curl_slist * list, const char *text),   \
		(list, text), NULL)                                                               \
	X(CURLU *, curl_url, (void), (), NULL)                                                    \
	X(CURLUcode, curl_url_get, (const CURLU *url, CURLUPart what, char **part, unsigned how), \
		(url, what, part, how), CURLUE_OUT_OF_MEMORY)                                     \
	X(CURLUcode, curl_url_set, (CURLU * url, CURLUPart what, const char *part, unsigned how), \
		(url, what, part, how), CURLUE_OUT_OF_MEMORY)                                     \
	X(const char *, curl_url_strerror, (CURLUcode code), (code), "libcurl is missing")

#define X(type, name, parameters, arguments, missing)   \
	type name parameters                            \
	{                                               \
		static type(*call) parameters;          \
		FIND(call, #name);                      \
		return call ? call arguments : missing; \
	}
CALLS(X)
#undef X

#define ENDS(X)                                                    \
	X(curl_global_cleanup, (void), ())                         \
	X(curl_easy_cleanup, (CURL * easy), (easy))                \
	X(curl_free, (void *text), (text))                         \
	X(curl_slist_free_all, (struct curl_slist * list), (list)) \
	X(curl_url_cleanup, (CURLU * url), (url))

#define X(name, parameters, arguments)         \
	void name parameters                   \
	{                                      \
		static void(*call) parameters; \
		FIND(call, #name);             \
		if (call)                      \
			call arguments;        \
	}
ENDS(X)
#undef X

// --- with an argument whose type the number of the option tells (curl/curl.h: CURLOPTTYPE_…)

CURLcode curl_easy_setopt(CURL *easy, CURLoption option, ...)
{
	static CURLcode (*call)(CURL *, CURLoption, ...);
	CURLcode code = CURLE_FAILED_INIT;
	va_list argument;
	FIND(call, "curl_easy_setopt");
	if (!call)
		return code;
	va_start(argument, option);
	if (option < CURLOPTTYPE_OBJECTPOINT)
		code = call(easy, option, va_arg(argument, long));
	else if (option >= CURLOPTTYPE_FUNCTIONPOINT && option < CURLOPTTYPE_OFF_T)
		code = call(easy, option, va_arg(argument, void (*)(void)));
	else if (option >= CURLOPTTYPE_OFF_T && option < CURLOPTTYPE_BLOB)
		code = call(easy, option, va_arg(argument, curl_off_t));
	else
		code = call(easy, option, va_arg(argument, void *));
	va_end(argument);
	return code;
}

CURLMcode curl_multi_setopt(CURLM *multi, CURLMoption option, ...)
{
	static CURLMcode (*call)(CURLM *, CURLMoption, ...);
	CURLMcode code = CURLM_OUT_OF_MEMORY;
	va_list argument;
	FIND(call, "curl_multi_setopt");
	if (!call)
		return code;
	va_start(argument, option);
	if (option < CURLOPTTYPE_OBJECTPOINT)
		code = call(multi, option, va_arg(argument, long));
	else if (option >= CURLOPTTYPE_FUNCTIONPOINT && option < CURLOPTTYPE_OFF_T)
		code = call(multi, option, va_arg(argument, void (*)(void)));
	else
		code = call(multi, option, va_arg(argument, void *));
	va_end(argument);
	return code;
}

// All that it gives, it gives through a pointer.
CURLcode curl_easy_getinfo(CURL *easy, CURLINFO info, ...)
{
	static CURLcode (*call)(CURL *, CURLINFO, ...);
	va_list argument;
	FIND(call, "curl_easy_getinfo");
	if (!call)
		return CURLE_FAILED_INIT;
	va_start(argument, info);
	CURLcode code = call(easy, info, va_arg(argument, void *));
	va_end(argument);
	return code;
}
