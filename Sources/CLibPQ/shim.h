#include <libpq-fe.h>
#if defined(__linux__)
// Not in Swift's Glibc module.
#include <sys/epoll.h>
#include <sys/eventfd.h>
#endif
