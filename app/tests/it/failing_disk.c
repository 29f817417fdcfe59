/* A disk whose writes cannot be made durable while the file named by FAILING_DISK exists. Loaded before the C library,
   so that SQLite calls these instead: what it meets is what it meets on a real disk that fails. */
#define _GNU_SOURCE
#include <errno.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

static int broken(void) {
    const char *mark = getenv("FAILING_DISK");
    return mark && access(mark, F_OK) == 0;
}

static int durable(long call, int file) {
    if (broken()) {
        errno = EIO;
        return -1;
    }
    return (int)syscall(call, file);
}

int fsync(int file) { return durable(SYS_fsync, file); }
int fdatasync(int file) { return durable(SYS_fdatasync, file); }
