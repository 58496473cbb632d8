/*
 * The disk of a machine that fails, preloaded under a server's process: it loses what was not synced, has no
 * space left, or cannot sync.
 *
 * Of each file of the database it keeps a twin that is what a disk would still have after a power cut: a sync
 * copies what was written since the last one into the twin, and a sync of the folder links the twins that the
 * folder names. The file itself is written as ever, so that the process sees what it wrote.
 *
 *   folder/control        one page of numbers, shared with the test
 *   folder/files/INODE    the twin of a file
 *   folder/entries/NAME   a hard link to the twin, while the folder durably has this name
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "control.h"

struct range {
  off_t from;
  off_t to;
};

/* A file of the database, however many descriptors it has. */
struct file {
  ino_t inode;
  size_t count;
  size_t room;
  struct range *dirty;
  struct file *next;
};

static const char *const DURABLE[] = {"", "-wal", "-journal", NULL};
/* The index of the WAL takes space, and need not outlive a power cut. */
static const char *const PASSING[] = {"-shm", NULL};

enum { DESCRIPTORS_MAX = 4096, COPY_BYTES = 1 << 16 };

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
struct control *control;
static const char *folder;
static char parent[PATH_MAX];
static const char *name;
static struct file *files;
static struct file passing;
static struct file *of_descriptor[DESCRIPTORS_MAX];
static char is_parent[DESCRIPTORS_MAX];

/* What is ours to write is written past the functions below. */
static int sys_open(const char *path, int flags, mode_t mode) {
  return (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
}

static void begin(void) __attribute__((constructor));
static void begin(void) {
  const char *database = getenv("POSTHORN_MACHINE_DATABASE");
  folder = getenv("POSTHORN_MACHINE");
  if (folder == NULL || database == NULL) return;
  char path[PATH_MAX];
  snprintf(path, sizeof path, "%s/control", folder);
  int fd = sys_open(path, O_RDWR, 0);
  void *page = mmap(NULL, sizeof *control, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  if (page == MAP_FAILED) abort();
  syscall(SYS_close, fd);
  control = page;
  snprintf(parent, sizeof parent, "%s", database);
  name = strrchr(database, '/') + 1;
  *strrchr(parent, '/') = '\0';
}

/* The name of a file of the database, of those that `suffixes` end; NULL for any other file. */
static const char *name_of(const char *path, const char *const *suffixes) {
  size_t length = strlen(parent);
  if (control == NULL || strncmp(path, parent, length) != 0 || path[length] != '/') return NULL;
  const char *own = path + length + 1;
  if (strncmp(own, name, strlen(name)) != 0) return NULL;
  for (; *suffixes != NULL; suffixes += 1) {
    if (strcmp(own + strlen(name), *suffixes) == 0) return own;
  }
  return NULL;
}

static void twin_path(char *path, ino_t inode) {
  snprintf(path, PATH_MAX, "%s/files/%llu", folder, (unsigned long long)inode);
}

static void entry_path(char *path, const char *own) {
  snprintf(path, PATH_MAX, "%s/entries/%s", folder, own);
}

static off_t size_of(int fd) {
  struct stat stat;
  return fstat(fd, &stat) == 0 ? stat.st_size : 0;
}

static void copy(int from, int to, struct range range) {
  static char bytes[COPY_BYTES];
  for (off_t at = range.from; at < range.to;) {
    size_t wanted = range.to - at < COPY_BYTES ? (size_t)(range.to - at) : COPY_BYTES;
    ssize_t found = pread(from, bytes, wanted, at);
    if (found <= 0) return;
    if (syscall(SYS_pwrite64, to, bytes, found, at) != found) abort();
    at += found;
  }
}

static void note_dirty(struct file *file, off_t from, off_t to) {
  if (file == &passing) return;
  if (file->count > 0 && file->dirty[file->count - 1].to == from) {
    file->dirty[file->count - 1].to = to;
    return;
  }
  if (file->count == file->room) {
    file->room = file->room == 0 ? 64 : 2 * file->room;
    file->dirty = realloc(file->dirty, file->room * sizeof *file->dirty);
    if (file->dirty == NULL) abort();
  }
  file->dirty[file->count++] = (struct range){from, to};
}

/* A file that is there when a process begins has its twin already; a new one has an empty twin. */
static void track(int fd, int is_new) {
  struct stat stat;
  if (fstat(fd, &stat) != 0) abort();
  struct file *file = files;
  while (file != NULL && file->inode != stat.st_ino) file = file->next;
  if (file == NULL) {
    file = calloc(1, sizeof *file);
    if (file == NULL) abort();
    file->inode = stat.st_ino;
    file->next = files;
    files = file;
  }
  if (is_new) {
    char twin[PATH_MAX];
    twin_path(twin, stat.st_ino);
    /* The folder may still have the name of one that was deleted, under a number that is used again. */
    syscall(SYS_unlinkat, AT_FDCWD, twin, 0);
    int made = sys_open(twin, O_RDWR | O_CREAT | O_EXCL, 0600);
    if (made < 0) abort();
    syscall(SYS_close, made);
    file->count = 0;
  }
  of_descriptor[fd] = file;
}

static void sync_file(int fd, struct file *file) {
  char path[PATH_MAX];
  twin_path(path, file->inode);
  int twin = sys_open(path, O_RDWR, 0);
  if (twin < 0) abort();
  off_t size = size_of(fd);
  for (size_t at = 0; at < file->count; at += 1) {
    struct range range = file->dirty[at];
    copy(fd, twin, (struct range){range.from, range.to < size ? range.to : size});
  }
  if (syscall(SYS_ftruncate, twin, size) != 0) abort();
  syscall(SYS_close, twin);
  file->count = 0;
}

/* Makes durable which of the database's names the folder has, and of which files. */
static void sync_folder(void) {
  for (size_t at = 0; DURABLE[at] != NULL; at += 1) {
    char own[PATH_MAX];
    char path[2 * PATH_MAX];
    char twin[PATH_MAX];
    char entry[PATH_MAX];
    char next[2 * PATH_MAX];
    struct stat found;
    snprintf(own, sizeof own, "%s%s", name, DURABLE[at]);
    snprintf(path, sizeof path, "%s/%s", parent, own);
    entry_path(entry, own);
    if (stat(path, &found) != 0) {
      syscall(SYS_unlinkat, AT_FDCWD, entry, 0);
      continue;
    }
    twin_path(twin, found.st_ino);
    /* In one step, since the process may be killed at any. */
    snprintf(next, sizeof next, "%s.next", entry);
    syscall(SYS_unlinkat, AT_FDCWD, next, 0);
    if (link(twin, next) != 0 || rename(next, entry) != 0) abort();
  }
}

static int open_tracked(const char *path, int flags, mode_t mode) {
  const char *own = name_of(path, DURABLE);
  int is_passing = name_of(path, PASSING) != NULL;
  int is_folder = control != NULL && strcmp(path, parent) == 0;
  if (own == NULL && !is_passing && !is_folder) return sys_open(path, flags, mode);
  pthread_mutex_lock(&mutex);
  int is_new = own != NULL && (flags & O_CREAT) != 0 && access(path, F_OK) != 0;
  int fd = sys_open(path, flags, mode);
  int failure = errno;
  if (fd >= DESCRIPTORS_MAX) abort();
  if (fd >= 0 && own != NULL) track(fd, is_new);
  if (fd >= 0 && is_passing) of_descriptor[fd] = &passing;
  if (fd >= 0) is_parent[fd] = is_folder != 0;
  pthread_mutex_unlock(&mutex);
  errno = failure;
  return fd;
}

static mode_t mode_of(int flags, va_list more) {
  return (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(more, mode_t) : 0;
}

int open(const char *path, int flags, ...) {
  va_list more;
  va_start(more, flags);
  mode_t mode = mode_of(flags, more);
  va_end(more);
  return open_tracked(path, flags, mode);
}

int open64(const char *path, int flags, ...) {
  va_list more;
  va_start(more, flags);
  mode_t mode = mode_of(flags, more);
  va_end(more);
  return open_tracked(path, flags | O_LARGEFILE, mode);
}

static struct file *file_of(int fd) {
  return fd >= 0 && fd < DESCRIPTORS_MAX ? of_descriptor[fd] : NULL;
}

int close(int fd) {
  pthread_mutex_lock(&mutex);
  if (fd >= 0 && fd < DESCRIPTORS_MAX) {
    of_descriptor[fd] = NULL;
    is_parent[fd] = 0;
  }
  pthread_mutex_unlock(&mutex);
  return (int)syscall(SYS_close, fd);
}

static int refuses(int fd, off_t end) {
  if (control->is_full == 0 || end <= size_of(fd)) return 0;
  control->writes_refused += 1;
  errno = ENOSPC;
  return 1;
}

ssize_t pwrite64(int fd, const void *bytes, size_t count, off_t at) {
  struct file *file = file_of(fd);
  if (file == NULL) return syscall(SYS_pwrite64, fd, bytes, count, at);
  pthread_mutex_lock(&mutex);
  ssize_t written = refuses(fd, at + (off_t)count) ? -1 : syscall(SYS_pwrite64, fd, bytes, count, at);
  if (written > 0) note_dirty(file, at, at + written);
  pthread_mutex_unlock(&mutex);
  return written;
}

ssize_t pwrite(int fd, const void *bytes, size_t count, off_t at) {
  return pwrite64(fd, bytes, count, at);
}

ssize_t write(int fd, const void *bytes, size_t count) {
  if (file_of(fd) == NULL) return syscall(SYS_write, fd, bytes, count);
  ssize_t written = pwrite64(fd, bytes, count, lseek(fd, 0, SEEK_CUR));
  if (written > 0) lseek(fd, written, SEEK_CUR);
  return written;
}

int ftruncate64(int fd, off_t size) {
  struct file *file = file_of(fd);
  if (file == NULL) return (int)syscall(SYS_ftruncate, fd, size);
  pthread_mutex_lock(&mutex);
  off_t before = size_of(fd);
  int result = refuses(fd, size) ? -1 : (int)syscall(SYS_ftruncate, fd, size);
  if (result == 0 && size < before) note_dirty(file, size, before);
  pthread_mutex_unlock(&mutex);
  return result;
}

int ftruncate(int fd, off_t size) {
  return ftruncate64(fd, size);
}

int fsync(int fd) {
  struct file *file = file_of(fd);
  int is_folder = fd >= 0 && fd < DESCRIPTORS_MAX && is_parent[fd];
  if ((file == NULL && !is_folder) || file == &passing) return (int)syscall(SYS_fsync, fd);
  int result = 0;
  pthread_mutex_lock(&mutex);
  if (control->syncs_to_fail > 0) {
    control->syncs_to_fail -= 1;
    control->syncs_failed += 1;
    if (file != NULL) file->count = 0;
    errno = EIO;
    result = -1;
  } else if (file != NULL) {
    sync_file(fd, file);
  } else {
    sync_folder();
  }
  pthread_mutex_unlock(&mutex);
  return result;
}

int fdatasync(int fd) {
  return file_of(fd) == NULL ? (int)syscall(SYS_fdatasync, fd) : fsync(fd);
}
