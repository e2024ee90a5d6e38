/*
 * The settings file: what is accepted prints as a file that says the same.
 */
#define _GNU_SOURCE
#include "fuzz.h"

#include "config.h"

static char *
print(const struct config *config)
{
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);

	config_print(config, out);
	fclose(out);
	return text;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static FILE *errors;
	char *text = text_of(data, size), *first, *second;
	struct config *config, *again;

	if (errors == NULL)
		errors = fopen("/dev/null", "w");
	config = config_parse("f", text, errors);
	free(text);
	if (config == NULL)
		return 0;
	MUST(config->pools_count >= 1 && config->pools_count <= POOLS_MAX);
	MUST(config->issuers_count <= ISSUERS_MAX);
	for (size_t i = 0; i < config->pools_count; i++) {
		MUST(config->pools[i].batch_max >= 1 &&
		    config->pools[i].batch_max <= 16);
		MUST(strlen(config->pools[i].listen) <= LISTEN_PATH_BYTES_MAX);
	}
	first = print(config);
	again = config_parse("f", first, stderr);
	MUST(again != NULL);
	second = print(again);
	MUST(strcmp(first, second) == 0);
	free(first);
	free(second);
	config_free(config);
	config_free(again);
	return 0;
}
