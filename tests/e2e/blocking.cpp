// A program to test no_block with. `blocking CALL [loop|before|after|beside]` makes one call that may block,
// although it does not wait this time: on the thread of an event loop, before the loop runs, after it, or on
// another thread. `blocking` alone lists the calls: those that block, and after `-` those of the same names
// that cannot.
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <functional>
#include <map>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <string>
#include <sys/epoll.h>
#include <sys/file.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace {

/// A connected pair, with a byte to read at each end, and room to write.
struct pair {
  explicit pair(int flags = 0) {
    if (socketpair(AF_UNIX, SOCK_STREAM | flags, 0, ends) != 0) std::abort();
    for (const int end : ends)
      if (send(end, "x", 1, MSG_DONTWAIT) != 1) std::abort();
  }
  int ends[2];
};

int file() {
  char name[] = "/tmp/blocking.XXXXXX";
  const int made = mkostemp(name, O_CLOEXEC);
  unlink(name);
  return made;
}

/// stderr is a pipe with room, or a file.
void error_pipe(int flags) {
  int ends[2];
  if (pipe2(ends, flags) != 0 || dup2(ends[1], 2) < 0) std::abort();
}

/// With a client in the queue, so that accept() has one to return.
int listening(int flags) {
  const int at = socket(AF_INET, SOCK_STREAM | flags, 0);
  sockaddr_in where{};
  where.sin_family = AF_INET;
  where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof where;
  if (bind(at, reinterpret_cast<sockaddr*>(&where), size) != 0 || listen(at, 1) != 0 ||
      getsockname(at, reinterpret_cast<sockaddr*>(&where), &size) != 0)
    std::abort();
  const int client = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  if (connect(client, reinterpret_cast<const sockaddr*>(&where), size) != 0 && errno != EINPROGRESS)
    std::abort();
  return at;
}

void connect_to(int flags) {
  sockaddr_in where{};
  where.sin_family = AF_INET;
  where.sin_port = htons(1);
  where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  connect(socket(AF_INET, SOCK_STREAM | flags, 0), reinterpret_cast<const sockaddr*>(&where), sizeof where);
}

void resolve(int flags) {
  addrinfo hints{};
  hints.ai_flags = flags;
  addrinfo* found = nullptr;
  if (getaddrinfo("127.0.0.1", "1", &hints, &found) == 0) freeaddrinfo(found);
}

void name_of(int flags) {
  sockaddr_in where{};
  where.sin_family = AF_INET;
  char name[256];
  getnameinfo(reinterpret_cast<const sockaddr*>(&where), sizeof where, name, sizeof name, nullptr, 0, flags);
}

void lock(int how) {
  struct flock all {};
  all.l_type = F_WRLCK;
  fcntl(file(), how, &all);
}

void select_for(long microseconds) {
  timeval time{0, microseconds};
  select(0, nullptr, nullptr, nullptr, &time);
}

void ppoll_for(long nanoseconds) {
  const timespec time{0, nanoseconds};
  ppoll(nullptr, 0, &time, nullptr);
}

/// Ready at once, as the other end is open.
void open_fifo(int flags) {
  const auto name = "/tmp/blocking." + std::to_string(getpid());
  if (mkfifo(name.c_str(), 0600) != 0 || open(name.c_str(), O_RDWR | O_NONBLOCK) < 0) std::abort();
  open(name.c_str(), O_RDONLY | flags);
  unlink(name.c_str());
}

/// Waits until a time that has passed.
void wait_for_nothing() {
  pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
  pthread_cond_t never = PTHREAD_COND_INITIALIZER;
  const timespec begin{0, 0};
  pthread_mutex_lock(&mutex);
  pthread_cond_timedwait(&never, &mutex, &begin);
  pthread_mutex_unlock(&mutex);
}

void take(ssize_t) {}  // the result does not matter

const std::map<std::string, std::function<void()>>& calls() {
  static char byte[1];
  static iovec piece{byte, 1};
  static msghdr message{};
  message.msg_iov = &piece;
  message.msg_iovlen = 1;
  static const std::map<std::string, std::function<void()>> all{
      {"getaddrinfo", [] { resolve(0); }},
      {"-getaddrinfo", [] { resolve(AI_NUMERICHOST); }},
      {"getnameinfo", [] { name_of(0); }},
      {"-getnameinfo", [] { name_of(NI_NUMERICHOST); }},
      {"gethostbyname", [] { gethostbyname("127.0.0.1"); }},
      {"gethostbyname2", [] { gethostbyname2("127.0.0.1", AF_INET); }},
      {"connect", [] { connect_to(0); }},
      {"-connect", [] { connect_to(SOCK_NONBLOCK); }},
      {"accept", [] { accept(listening(0), nullptr, nullptr); }},
      {"-accept", [] { accept(listening(SOCK_NONBLOCK), nullptr, nullptr); }},
      {"accept4", [] { accept4(listening(0), nullptr, nullptr, 0); }},
      {"recv", [] { take(recv(pair().ends[0], byte, 1, 0)); }},
      {"-recv", [] { take(recv(pair().ends[0], byte, 1, MSG_DONTWAIT)); }},
      {"recvfrom", [] { take(recvfrom(pair().ends[0], byte, 1, 0, nullptr, nullptr)); }},
      {"recvmsg", [] { take(recvmsg(pair().ends[0], &message, 0)); }},
      {"-recvmsg", [] { take(recvmsg(pair(SOCK_NONBLOCK).ends[0], &message, 0)); }},
      {"read", [] { take(read(pair().ends[0], byte, 1)); }},
      {"-read", [] { take(read(file(), byte, 1)); }},
      {"readv", [] { take(readv(pair().ends[0], &piece, 1)); }},
      {"send", [] { take(send(pair().ends[0], byte, 1, 0)); }},
      {"-send", [] { take(send(pair(SOCK_NONBLOCK).ends[0], byte, 1, 0)); }},
      {"sendto", [] { take(sendto(pair().ends[0], byte, 1, 0, nullptr, 0)); }},
      {"sendmsg", [] { take(sendmsg(pair().ends[0], &message, 0)); }},
      {"writev", [] { take(writev(pair().ends[0], &piece, 1)); }},
      {"write", [] { error_pipe(0), take(write(2, byte, 1)); }},
      {"-write", [] { error_pipe(O_NONBLOCK), take(write(2, byte, 1)); }},
      {"poll", [] { poll(nullptr, 0, 1); }},
      {"-poll", [] { poll(nullptr, 0, 0); }},
      {"ppoll", [] { ppoll_for(1); }},
      {"-ppoll", [] { ppoll_for(0); }},
      {"select", [] { select_for(1); }},
      {"-select", [] { select_for(0); }},
      {"flock", [] { flock(file(), LOCK_EX); }},
      {"-flock", [] { flock(file(), LOCK_EX | LOCK_NB); }},
      {"lockf", [] { take(lockf(file(), F_LOCK, 0)); }},
      {"-lockf", [] { take(lockf(file(), F_TLOCK, 0)); }},
      {"fcntl", [] { lock(F_SETLKW); }},
      {"-fcntl", [] { lock(F_SETLK); }},
      {"fsync", [] { fsync(file()); }},
      {"fdatasync", [] { fdatasync(file()); }},
      {"open", [] { open_fifo(0); }},
      {"-open", [] { open_fifo(O_NONBLOCK); }},
      {"waitpid", [] { waitpid(-1, nullptr, 0); }},
      {"-waitpid", [] { waitpid(-1, nullptr, WNOHANG); }},
      {"wait4", [] { wait4(-1, nullptr, 0, nullptr); }},
      {"usleep", [] { usleep(1); }},
      {"pthread_cond_timedwait", [] { wait_for_nothing(); }},
      {"nanosleep", [] { std::this_thread::sleep_for(std::chrono::microseconds(1)); }},
  };
  return all;
}

}  // namespace

int main(int count, char** words) {
  if (count < 2) {
    for (const auto& [name, call] : calls()) std::puts(name.c_str());
    return 0;
  }
  const std::string where = count > 2 ? words[2] : "loop";
  const auto& call = calls().at(words[1]);
  if (where == "before") call();
  const int loop = epoll_create1(EPOLL_CLOEXEC);
  epoll_event none{};
  epoll_wait(loop, &none, 1, 0);
  if (where == "loop") call();
  // On another thread, for which this one does not wait.
  int done[2];
  if (pipe2(done, O_NONBLOCK) != 0) return 1;
  epoll_event end{EPOLLIN, {}};
  epoll_ctl(loop, EPOLL_CTL_ADD, done[0], &end);
  std::thread([&] {
    if (where == "beside") call();
    close(done[1]);
  }).detach();
  if (epoll_wait(loop, &none, 1, -1) != 1) return 1;
  close(loop);
  if (where == "after") call();
  return 0;
}
