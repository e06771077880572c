#ifndef TESTS_LIB_FILE_H
#define TESTS_LIB_FILE_H

/* All of a text file, to be freed; "" when there is none. */
char *file_text(const char *path);

#endif
