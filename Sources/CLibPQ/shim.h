#include <libpq-fe.h>
#if defined(__linux__)
// Not in Swift's Glibc module.
#include <sys/epoll.h>
#include <sys/eventfd.h>
#endif

// Declared here, as <poll.h> shows it to those only who ask for all of GNU's names before anything else is included.
#include <poll.h>
#include <time.h>
extern int ppoll(struct pollfd *descriptors, nfds_t count, const struct timespec *limit, const void *signals);
