// Preloaded into a program under test. It reports each call that may block the thread of an event loop: from
// its first epoll_wait() until that epoll descriptor is closed. Calls before and after, and on other threads,
// are ignored. A call counts by its form, even if it does not wait this time. It is executed all the same,
// and reported in the file NO_BLOCK_REPORT: a line `blocks NAME(DETAIL) CALLER...`, with an address in the
// program or a library for each caller; `watches THREAD` when a loop begins.
#include <cerrno>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <dlfcn.h>
#include <execinfo.h>
#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <string>
#include <sys/epoll.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

namespace {

constexpr int deepest = 24;

thread_local int loop_of = -1;           // this thread's epoll descriptor; -1: it runs no loop
thread_local bool is_reporting = false;  // calls by the report itself do not count

template <class Function>
Function next(const char* name, Function) {
  return reinterpret_cast<Function>(dlsym(RTLD_NEXT, name));
}

void put(const std::string& line) {
  const char* path = std::getenv("NO_BLOCK_REPORT");
  const long file =
      path ? syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666) : -1;
  if (file < 0) std::abort();  // a test must not take a missing report for a clean one
  syscall(SYS_write, file, line.data(), line.size());
  syscall(SYS_close, file);
}

void report(const std::string& call, const std::string& detail) {
  if (loop_of < 0 || is_reporting) return;
  is_reporting = true;
  const int before = errno;
  std::string line = "blocks " + call + '(' + detail + ')';
  void* callers[deepest];
  const int count = backtrace(callers, deepest);
  char** names = backtrace_symbols(callers, count);
  for (int i = 2; i < count; ++i) line += std::string(" ") + (names ? names[i] : "?");
  std::free(names);
  put(line + '\n');
  errno = before;
  is_reporting = false;
}

void begin(int epoll) {
  if (loop_of >= 0 || is_reporting) return;
  is_reporting = true;
  const int before = errno;
  void* warm[1];
  backtrace(warm, 1);  // its first call loads a library
  put("watches " + std::to_string(syscall(SYS_gettid)) + '\n');
  errno = before;
  is_reporting = false;
  loop_of = epoll;
}

/// Whether reading or writing waits on this descriptor: it is no file, and O_NONBLOCK is not set.
bool waits(int descriptor) {
  static const auto real = next("fcntl64", static_cast<int (*)(int, int, ...)>(nullptr));
  const int before = errno;
  struct stat what {};
  bool can = fstat(descriptor, &what) == 0;
  if (can && (S_ISREG(what.st_mode) || S_ISDIR(what.st_mode) || S_ISBLK(what.st_mode))) can = false;
  if (can && S_ISCHR(what.st_mode) && isatty(descriptor) == 0) can = false;  // /dev/null and the like
  const int flags = can ? real(descriptor, F_GETFL) : 0;
  errno = before;
  return can && flags >= 0 && (flags & O_NONBLOCK) == 0;
}

void check(const char* call, int descriptor) {
  if (loop_of >= 0 && !is_reporting && waits(descriptor)) report(call, std::to_string(descriptor));
}

void check_message(const char* call, int descriptor, int flags) {
  if ((flags & MSG_DONTWAIT) == 0) check(call, descriptor);
}

std::string text(const char* name) {
  return name ? name : "";
}

}  // namespace

/// `real`: the function that this one replaces.
#define BEFORE(name) static const auto real = next(#name, &::name)

// The event loop itself.

extern "C" int epoll_wait(int epoll, epoll_event* events, int most, int timeout) {
  BEFORE(epoll_wait);
  begin(epoll);
  return real(epoll, events, most, timeout);
}
extern "C" int epoll_pwait(int epoll, epoll_event* events, int most, int timeout, const sigset_t* mask) {
  BEFORE(epoll_pwait);
  begin(epoll);
  return real(epoll, events, most, timeout, mask);
}
extern "C" int close(int descriptor) {
  BEFORE(close);
  if (descriptor == loop_of) loop_of = -1;
  return real(descriptor);
}

// Name look-ups.

extern "C" int getaddrinfo(const char* host, const char* service, const addrinfo* hints, addrinfo** found) {
  BEFORE(getaddrinfo);
  if (!hints || (hints->ai_flags & AI_NUMERICHOST) == 0) report("getaddrinfo", text(host));
  return real(host, service, hints, found);
}
extern "C" int getnameinfo(const sockaddr* of, socklen_t size, char* host, socklen_t host_size, char* service,
                           socklen_t service_size, int flags) {
  BEFORE(getnameinfo);
  if (host && host_size > 0 && (flags & NI_NUMERICHOST) == 0) report("getnameinfo", "");
  return real(of, size, host, host_size, service, service_size, flags);
}
extern "C" hostent* gethostbyname(const char* name) {
  BEFORE(gethostbyname);
  report("gethostbyname", text(name));
  return real(name);
}
extern "C" hostent* gethostbyname2(const char* name, int family) {
  BEFORE(gethostbyname2);
  report("gethostbyname2", text(name));
  return real(name, family);
}
extern "C" int gethostbyname_r(const char* name, hostent* into, char* room, size_t size, hostent** found,
                               int* why) {
  BEFORE(gethostbyname_r);
  report("gethostbyname_r", text(name));
  return real(name, into, room, size, found, why);
}
extern "C" int gethostbyname2_r(const char* name, int family, hostent* into, char* room, size_t size,
                                hostent** found, int* why) {
  BEFORE(gethostbyname2_r);
  report("gethostbyname2_r", text(name));
  return real(name, family, into, room, size, found, why);
}
extern "C" hostent* gethostbyaddr(const void* address, socklen_t size, int family) {
  BEFORE(gethostbyaddr);
  report("gethostbyaddr", "");
  return real(address, size, family);
}

// Sockets and pipes.

extern "C" int connect(int socket, const sockaddr* to, socklen_t size) {
  BEFORE(connect);
  check("connect", socket);
  return real(socket, to, size);
}
extern "C" int accept(int socket, sockaddr* from, socklen_t* size) {
  BEFORE(accept);
  check("accept", socket);
  return real(socket, from, size);
}
extern "C" int accept4(int socket, sockaddr* from, socklen_t* size, int flags) {
  BEFORE(accept4);
  check("accept4", socket);
  return real(socket, from, size, flags);
}
extern "C" ssize_t recv(int socket, void* into, size_t size, int flags) {
  BEFORE(recv);
  check_message("recv", socket, flags);
  return real(socket, into, size, flags);
}
extern "C" ssize_t recvfrom(int socket, void* into, size_t size, int flags, sockaddr* from,
                            socklen_t* from_size) {
  BEFORE(recvfrom);
  check_message("recvfrom", socket, flags);
  return real(socket, into, size, flags, from, from_size);
}
extern "C" ssize_t recvmsg(int socket, msghdr* message, int flags) {
  BEFORE(recvmsg);
  check_message("recvmsg", socket, flags);
  return real(socket, message, flags);
}
extern "C" ssize_t send(int socket, const void* data, size_t size, int flags) {
  BEFORE(send);
  check_message("send", socket, flags);
  return real(socket, data, size, flags);
}
extern "C" ssize_t sendto(int socket, const void* data, size_t size, int flags, const sockaddr* to,
                          socklen_t to_size) {
  BEFORE(sendto);
  check_message("sendto", socket, flags);
  return real(socket, data, size, flags, to, to_size);
}
extern "C" ssize_t sendmsg(int socket, const msghdr* message, int flags) {
  BEFORE(sendmsg);
  check_message("sendmsg", socket, flags);
  return real(socket, message, flags);
}
extern "C" ssize_t read(int descriptor, void* into, size_t size) {
  BEFORE(read);
  check("read", descriptor);
  return real(descriptor, into, size);
}
extern "C" ssize_t readv(int descriptor, const iovec* into, int count) {
  BEFORE(readv);
  check("readv", descriptor);
  return real(descriptor, into, count);
}
extern "C" ssize_t write(int descriptor, const void* data, size_t size) {
  BEFORE(write);
  check("write", descriptor);
  return real(descriptor, data, size);
}
extern "C" ssize_t writev(int descriptor, const iovec* data, int count) {
  BEFORE(writev);
  check("writev", descriptor);
  return real(descriptor, data, count);
}

// Waiting for descriptors, with or without a time limit.

extern "C" int poll(pollfd* those, nfds_t count, int timeout) {
  BEFORE(poll);
  if (timeout != 0) report("poll", std::to_string(timeout) + " ms");
  return real(those, count, timeout);
}
extern "C" int ppoll(pollfd* those, nfds_t count, const timespec* timeout, const sigset_t* mask) {
  BEFORE(ppoll);
  if (!timeout || timeout->tv_sec != 0 || timeout->tv_nsec != 0) report("ppoll", "");
  return real(those, count, timeout, mask);
}
extern "C" int select(int count, fd_set* to_read, fd_set* to_write, fd_set* broken, timeval* timeout) {
  BEFORE(select);
  if (!timeout || timeout->tv_sec != 0 || timeout->tv_usec != 0) report("select", "");
  return real(count, to_read, to_write, broken, timeout);
}
extern "C" int pselect(int count, fd_set* to_read, fd_set* to_write, fd_set* broken, const timespec* timeout,
                       const sigset_t* mask) {
  BEFORE(pselect);
  if (!timeout || timeout->tv_sec != 0 || timeout->tv_nsec != 0) report("pselect", "");
  return real(count, to_read, to_write, broken, timeout, mask);
}

// Files: locks and disks. Opening a FIFO waits for its other end.

extern "C" int flock(int file, int how) {
  BEFORE(flock);
  if ((how & LOCK_NB) == 0 && (how & LOCK_UN) == 0) report("flock", std::to_string(file));
  return real(file, how);
}
extern "C" int lockf(int file, int how, off_t size) {
  BEFORE(lockf);
  if (how == F_LOCK) report("lockf", std::to_string(file));
  return real(file, how, size);
}
static int pass_fcntl(const char* name, int file, int what, void* argument) {
  static const auto real = next("fcntl64", static_cast<int (*)(int, int, ...)>(nullptr));
  if (what == F_SETLKW || what == F_OFD_SETLKW) report(name, "F_SETLKW");
  return real(file, what, argument);
}
extern "C" int fcntl(int file, int what, ...) {
  va_list more;
  va_start(more, what);
  void* const argument = va_arg(more, void*);
  va_end(more);
  return pass_fcntl("fcntl", file, what, argument);
}
extern "C" int fcntl64(int file, int what, ...) {
  va_list more;
  va_start(more, what);
  void* const argument = va_arg(more, void*);
  va_end(more);
  return pass_fcntl("fcntl", file, what, argument);
}
extern "C" int fsync(int file) {
  BEFORE(fsync);
  report("fsync", std::to_string(file));
  return real(file);
}
extern "C" int fdatasync(int file) {
  BEFORE(fdatasync);
  report("fdatasync", std::to_string(file));
  return real(file);
}
static int pass_open(const char* name, int folder, const char* path, int flags, mode_t mode) {
  static const auto real = next("openat64", static_cast<int (*)(int, const char*, int, ...)>(nullptr));
  if (loop_of >= 0 && !is_reporting && (flags & O_NONBLOCK) == 0) {
    const int before = errno;
    struct stat what {};
    if (fstatat(folder, path, &what, 0) == 0 && S_ISFIFO(what.st_mode)) report(name, path);
    errno = before;
  }
  return real(folder, path, flags, mode);
}
#define OPEN(name)                                         \
  extern "C" int name(const char* path, int flags, ...) {  \
    va_list more;                                          \
    va_start(more, flags);                                 \
    const auto mode = va_arg(more, mode_t);                \
    va_end(more);                                          \
    return pass_open("open", AT_FDCWD, path, flags, mode); \
  }
OPEN(open)
OPEN(open64)

// Other processes, other threads, and time itself. Joining a thread that was told to end is fine: usrsctp
// does that.

extern "C" pid_t waitpid(pid_t whom, int* how, int flags) {
  BEFORE(waitpid);
  if ((flags & WNOHANG) == 0) report("waitpid", std::to_string(whom));
  return real(whom, how, flags);
}
extern "C" pid_t wait(int* how) {
  BEFORE(wait);
  report("wait", "");
  return real(how);
}
extern "C" pid_t wait4(pid_t whom, int* how, int flags, rusage* used) {
  BEFORE(wait4);
  if ((flags & WNOHANG) == 0) report("wait4", std::to_string(whom));
  return real(whom, how, flags, used);
}
extern "C" int waitid(idtype_t kind, id_t whom, siginfo_t* how, int flags) {
  BEFORE(waitid);
  if ((flags & WNOHANG) == 0) report("waitid", std::to_string(whom));
  return real(kind, whom, how, flags);
}
extern "C" int system(const char* command) {
  BEFORE(system);
  report("system", text(command));
  return real(command);
}
extern "C" int nanosleep(const timespec* time, timespec* left) {
  BEFORE(nanosleep);
  report("nanosleep", "");
  return real(time, left);
}
extern "C" int clock_nanosleep(clockid_t clock, int flags, const timespec* time, timespec* left) {
  BEFORE(clock_nanosleep);
  report("clock_nanosleep", "");
  return real(clock, flags, time, left);
}
extern "C" int usleep(useconds_t time) {
  BEFORE(usleep);
  report("usleep", "");
  return real(time);
}
extern "C" unsigned sleep(unsigned seconds) {
  BEFORE(sleep);
  report("sleep", "");
  return real(seconds);
}
extern "C" int pthread_cond_wait(pthread_cond_t* on, pthread_mutex_t* with) {
  BEFORE(pthread_cond_wait);
  report("pthread_cond_wait", "");
  return real(on, with);
}
extern "C" int pthread_cond_timedwait(pthread_cond_t* on, pthread_mutex_t* with, const timespec* until) {
  BEFORE(pthread_cond_timedwait);
  report("pthread_cond_timedwait", "");
  return real(on, with, until);
}
extern "C" int pthread_cond_clockwait(pthread_cond_t* on, pthread_mutex_t* with, clockid_t clock,
                                      const timespec* until) {
  BEFORE(pthread_cond_clockwait);
  report("pthread_cond_clockwait", "");
  return real(on, with, clock, until);
}
extern "C" int sem_wait(sem_t* on) {
  BEFORE(sem_wait);
  report("sem_wait", "");
  return real(on);
}
