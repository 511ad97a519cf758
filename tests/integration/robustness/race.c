/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* race: two threads at one number without a lock, for threads-race.test to see that it is seen. */
#include <pthread.h>
#include <stdio.h>

static unsigned long number;

static void *count(void *argument)
{
	(void)argument;
	for (int i = 0; i < 1000; i++)
		number++;
	return NULL;
}

int main(void)
{
	pthread_t threads[2];

	for (int i = 0; i < 2; i++) {
		if (pthread_create(&threads[i], NULL, count, NULL) != 0)
			return 1;
	}
	for (int i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
	printf("%lu\n", number);
	return 0;
}
