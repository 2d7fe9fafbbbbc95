/* A mail sink that is not itself the limit of a benchmark, and remembers what it took.

   It speaks SMTP with PIPELINING on 127.0.0.1, throws letters away, and appends the recipient of
   each letter to a log before it answers the final dot. One thread, epoll, memmem.

   usage: sink LOG [REPLY_DELAY_MS]      prints its port, ends with SIGTERM */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { LINE = 1024, REPLIES = 4096, CHUNK = 1 << 18, CLIENTS = 4096, LATER = 1 << 16 };
static const char END[] = "\r\n.\r\n";

typedef struct {
    int fd, born;                 /* `born` tells a reused descriptor from the old one */
    int in_data;                  /* inside a letter */
    char tail[4]; int tail_size;  /* the last bytes of a letter so far: END may be split */
    char line[LINE]; int line_size;
    char rcpt[LINE];
    char replies[REPLIES]; int replies_size;
} Client;

typedef struct { int fd, born, size; double at; char data[256]; } Delayed;

static Client clients[CLIENTS];
static Delayed later[LATER];
static unsigned first_later, last_later;
static int log_fd, delay_ms;

static double now_ms(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1e3 + t.tv_nsec / 1e6;
}

static void reply(Client *c, const char *text) {
    int size = strlen(text);
    if (c->replies_size + size <= REPLIES) {
        memcpy(c->replies + c->replies_size, text, size);
        c->replies_size += size;
    }
}

static void flush_replies(Client *c) {
    if (!c->replies_size) return;
    if (!delay_ms) {
        (void)!send(c->fd, c->replies, c->replies_size, MSG_NOSIGNAL);
    } else {
        Delayed *d = &later[last_later++ % LATER];
        d->fd = c->fd; d->born = c->born; d->at = now_ms() + delay_ms;
        d->size = c->replies_size < (int)sizeof d->data ? c->replies_size : (int)sizeof d->data;
        memcpy(d->data, c->replies, d->size);
    }
    c->replies_size = 0;
}

static void take_letter(Client *c) {
    char entry[LINE + 1];
    int size = snprintf(entry, sizeof entry, "%s\n", c->rcpt);
    (void)!write(log_fd, entry, size); /* remembered before it is promised */
    c->in_data = 0;
    reply(c, "250 2.0.0 taken\r\n");
}

/* Returns how many of `size` bytes belong to the letter. */
static long letter_bytes(Client *c, const char *data, long size) {
    char joint[8];
    int head = size < 4 ? size : 4;
    memcpy(joint, c->tail, c->tail_size);
    memcpy(joint + c->tail_size, data, head);
    char *end = memmem(joint, c->tail_size + head, END, 5);
    if (end) { long used = end - joint + 5 - c->tail_size; take_letter(c); return used; }
    end = memmem(data, size, END, 5);
    if (end) { take_letter(c); return end - data + 5; }
    int joined = c->tail_size + head;
    if (size >= 4) { memcpy(c->tail, data + size - 4, 4); c->tail_size = 4; }
    else { int keep = joined < 4 ? joined : 4; memcpy(c->tail, joint + joined - keep, keep); c->tail_size = keep; }
    return size;
}

static int command(Client *c) {
    char *l = c->line;
    if (!strncasecmp(l, "EHLO", 4)) reply(c, "250-sink\r\n250-PIPELINING\r\n250 8BITMIME\r\n");
    else if (!strncasecmp(l, "HELO", 4)) reply(c, "250 sink\r\n");
    else if (!strncasecmp(l, "MAIL", 4)) reply(c, "250 2.1.0 ok\r\n");
    else if (!strncasecmp(l, "RCPT", 4)) {
        char *from = strchr(l, '<'), *to = from ? strchr(from, '>') : NULL;
        if (to) { *to = 0; strcpy(c->rcpt, from + 1); }
        reply(c, "250 2.1.5 ok\r\n");
    }
    else if (!strncasecmp(l, "DATA", 4)) {
        reply(c, "354 go\r\n");
        c->in_data = 1; memcpy(c->tail, "\r\n", 2); c->tail_size = 2;
    }
    else if (!strncasecmp(l, "RSET", 4) || !strncasecmp(l, "NOOP", 4)) reply(c, "250 2.0.0 ok\r\n");
    else if (!strncasecmp(l, "QUIT", 4)) { /* a late goodbye needs the connection; the client closes it */
        reply(c, "221 2.0.0 bye\r\n"); flush_replies(c);
        return !delay_ms;
    }
    else reply(c, "500 5.5.2 what\r\n");
    return 0;
}

/* Returns 1 when the connection is over. */
static int hear(Client *c, const char *data, long size) {
    while (size > 0) {
        long used;
        if (c->in_data) {
            used = letter_bytes(c, data, size);
        } else {
            const char *end = memchr(data, '\n', size);
            used = end ? end - data + 1 : size;
            if (c->line_size < 0 || used >= LINE - c->line_size) return 1;
            memcpy(c->line + c->line_size, data, used);
            c->line_size += used;
            if (end) {
                while (c->line_size && strchr("\r\n", c->line[c->line_size - 1])) c->line_size--;
                c->line[c->line_size] = 0; c->line_size = 0;
                if (command(c)) return 1;
            }
        }
        data += used; size -= used;
    }
    flush_replies(c);
    return 0;
}

static void welcome(int listening, int epoll) {
    static int births;
    int one = 1, fd = accept4(listening, NULL, NULL, SOCK_NONBLOCK);
    if (fd < 0) return;
    if (fd >= CLIENTS) { close(fd); return; }
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    Client *c = &clients[fd];
    memset(c, 0, sizeof *c);
    c->fd = fd; c->born = ++births;
    struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};
    epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event);
    reply(c, "220 sink ESMTP\r\n");
    flush_replies(c);
}

static int send_what_is_due(void) { /* returns how long epoll may sleep */
    while (first_later != last_later) {
        Delayed *d = &later[first_later % LATER];
        double wait = d->at - now_ms();
        if (wait > 0) return (int)wait + 1;
        if (clients[d->fd].born == d->born) (void)!send(d->fd, d->data, d->size, MSG_NOSIGNAL);
        first_later++;
    }
    return -1;
}

int main(int count, char **words) {
    static char data[CHUNK];
    log_fd = open(count > 1 ? words[1] : "/dev/null", O_WRONLY | O_CREAT | O_APPEND, 0600);
    delay_ms = count > 2 ? atoi(words[2]) : 0;
    int listening = socket(AF_INET, SOCK_STREAM, 0), epoll = epoll_create1(0);
    struct sockaddr_in here = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof here;
    if (bind(listening, (void *)&here, size) || listen(listening, 1024)) { perror("sink"); return 1; }
    getsockname(listening, (void *)&here, &size);
    printf("%d\n", ntohs(here.sin_port)); fflush(stdout);
    struct epoll_event event = {.events = EPOLLIN, .data.fd = listening}, events[256];
    epoll_ctl(epoll, EPOLL_CTL_ADD, listening, &event);
    for (;;) {
        int ready = epoll_wait(epoll, events, 256, send_what_is_due());
        for (int i = 0; i < ready; i++) {
            int fd = events[i].data.fd;
            if (fd == listening) { welcome(listening, epoll); continue; }
            long got = recv(fd, data, CHUNK, 0);
            if (got < 0 && (errno == EAGAIN || errno == EINTR)) continue;
            if (got <= 0 || hear(&clients[fd], data, got)) { clients[fd].born = 0; close(fd); }
        }
    }
}
