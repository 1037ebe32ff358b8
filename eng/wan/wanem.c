// wanem: emulates long links between two network namespaces, for kernels without netem.
// Opens one TUN device in each of two namespaces and forwards IP packets between them with a one-way delay, Bernoulli loss and a rate
// limit with a bounded drop-tail queue. Seeded, one thread, no dependencies.
//   wanem --ns1 A --ns2 B [--dev wan0] [--delay-ms 25] [--loss 0.01] [--rate-mbit 200] [--queue-kib N] [--seed 1] [--rt]
//         [--stats FILE] [--ready FILE]
// A packet's way: queue, serialisation at the rate, loss, propagation delay. So a lost packet has used the link.
// While packets are on their way it looks every quarter of a millisecond, and not at each of them: the ends need the processor. What it
// takes in then counts as having come a look ago, so that the link isn't idle meanwhile.
// The rate counts IP bytes, and 0 is unlimited; the queue is one bandwidth-delay product, at least 64 KiB, unless --queue-kib says else.
// SIGUSR1 writes the counters; SIGTERM and SIGINT write them and end.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

#define RING_PACKETS 65536u
#define MAX_PACKET_BYTES 2040
#define BATCH_PACKETS 256
#define LOOK_NS 250000ull
#define MIN_QUEUE_BYTES 65536

typedef struct {
  uint64_t due_ns;
  uint16_t bytes;
  uint8_t data[MAX_PACKET_BYTES];
} packet;

typedef struct {
  int in, out;
  packet *ring;
  uint32_t head, tail;
  uint64_t link_free_ns, looked_ns, random;
  uint64_t received, received_bytes, dropped, lost, delivered, delivered_bytes, failed, queue_max_bytes, late_max_ns;
} direction;

static double rate_bps, loss;
static uint64_t delay_ns, queue_bytes;
static volatile sig_atomic_t stopping, dumping;

static void on_signal(int signal) {
  if (signal == SIGUSR1) dumping = 1;
  else stopping = 1;
}

static void die(const char *what) {
  perror(what);
  exit(1);
}

static uint64_t now_ns(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1000000000ull + time.tv_nsec;
}

// xorshift64*: the same seed loses the same packets.
static double next_random(uint64_t *state) {
  uint64_t x = *state;
  x ^= x >> 12;
  x ^= x << 25;
  x ^= x >> 27;
  *state = x;
  return (double)((x * 2685821657736338717ull) >> 11) / 9007199254740992.0;
}

static int open_tun(const char *namespace, const char *device) {
  char path[256];
  snprintf(path, sizeof path, "/var/run/netns/%s", namespace);
  int ns = open(path, O_RDONLY | O_CLOEXEC);
  if (ns < 0) die(path);
  if (setns(ns, CLONE_NEWNET)) die("setns");
  close(ns);
  int tun = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);
  if (tun < 0) die("/dev/net/tun");
  struct ifreq request;
  memset(&request, 0, sizeof request);
  request.ifr_flags = IFF_TUN | IFF_NO_PI;
  strncpy(request.ifr_name, device, IFNAMSIZ - 1);
  if (ioctl(tun, TUNSETIFF, &request)) die("TUNSETIFF");
  return tun;
}

static void write_stats(const char *path, const direction *directions) {
  FILE *file = path ? fopen(path, "w") : stderr;
  if (!file) return;
  for (int i = 0; i < 2; i++) {
    const direction *d = &directions[i];
    fprintf(file, "%s received=%lu received_bytes=%lu delivered=%lu delivered_bytes=%lu lost=%lu dropped=%lu failed=%lu queue_max_bytes=%lu late_max_us=%lu\n",
      i ? "b-to-a" : "a-to-b", d->received, d->received_bytes, d->delivered, d->delivered_bytes, d->lost, d->dropped, d->failed,
      d->queue_max_bytes, d->late_max_ns / 1000);
  }
  if (path) fclose(file);
}

static void deliver_due(direction *d, uint64_t now) {
  for (; d->tail != d->head; d->tail++) {
    packet *p = &d->ring[d->tail % RING_PACKETS];
    if (p->due_ns > now) return;
    if (write(d->out, p->data, p->bytes) == p->bytes) {
      d->delivered++;
      d->delivered_bytes += p->bytes;
      if (now - p->due_ns > d->late_max_ns) d->late_max_ns = now - p->due_ns;
    } else d->failed++;
  }
}

static void take_in(direction *d) {
  uint64_t looks = now_ns(), now = d->looked_ns;
  d->looked_ns = looks;
  // After a while without a look, as when nothing was on its way, what is there has just come.
  if (now + 2 * LOOK_NS < looks) now = looks;
  for (int i = 0; i < BATCH_PACKETS; i++) {
    // Where the ring is full, packets wait in the device's queue.
    if (d->head - d->tail >= RING_PACKETS) return;
    packet *p = &d->ring[d->head % RING_PACKETS];
    ssize_t bytes = read(d->in, p->data, MAX_PACKET_BYTES);
    if (bytes <= 0) return;
    uint64_t leaves = now;
    d->received++;
    d->received_bytes += bytes;
    if (rate_bps > 0) {
      uint64_t starts = d->link_free_ns > now ? d->link_free_ns : now;
      uint64_t queued = (uint64_t)((starts - now) * rate_bps / 8e9);
      if (queued + bytes > queue_bytes) {
        d->dropped++;
        continue;
      }
      if (queued + bytes > d->queue_max_bytes) d->queue_max_bytes = queued + bytes;
      leaves = d->link_free_ns = starts + (uint64_t)(bytes * 8e9 / rate_bps);
    }
    if (loss > 0 && next_random(&d->random) < loss) {
      d->lost++;
      continue;
    }
    p->bytes = bytes;
    p->due_ns = leaves + delay_ns;
    d->head++;
  }
}

static void wait_for_packets(const direction *directions) {
  if (directions[0].tail != directions[0].head || directions[1].tail != directions[1].head) {
    struct timespec look = {0, LOOK_NS};
    nanosleep(&look, NULL);
    return;
  }
  struct timespec timeout = {5, 0};
  struct pollfd polled[2] = {{.fd = directions[0].in, .events = POLLIN}, {.fd = directions[1].in, .events = POLLIN}};
  if (ppoll(polled, 2, &timeout, NULL) < 0 && errno != EINTR) die("ppoll");
}

int main(int argc, char **argv) {
  const char *ns1 = NULL, *ns2 = NULL, *device = "wan0", *stats = NULL, *ready = NULL;
  double delay_ms = 0, rate_mbit = 0, queue_kib = 0;
  uint64_t seed = 1;
  int real_time = 0, option;
  struct option options[] = {
    {"ns1", 1, 0, 'a'}, {"ns2", 1, 0, 'b'}, {"dev", 1, 0, 'd'}, {"delay-ms", 1, 0, 'm'}, {"loss", 1, 0, 'l'}, {"rate-mbit", 1, 0, 'r'},
    {"queue-kib", 1, 0, 'q'}, {"seed", 1, 0, 's'}, {"rt", 0, 0, 't'}, {"stats", 1, 0, 'f'}, {"ready", 1, 0, 'y'}, {0, 0, 0, 0}};
  while ((option = getopt_long(argc, argv, "", options, NULL)) != -1)
    switch (option) {
      case 'a': ns1 = optarg; break;
      case 'b': ns2 = optarg; break;
      case 'd': device = optarg; break;
      case 'm': delay_ms = atof(optarg); break;
      case 'l': loss = atof(optarg); break;
      case 'r': rate_mbit = atof(optarg); break;
      case 'q': queue_kib = atof(optarg); break;
      case 's': seed = strtoull(optarg, NULL, 10); break;
      case 't': real_time = 1; break;
      case 'f': stats = optarg; break;
      case 'y': ready = optarg; break;
      default: return 2;
    }
  if (!ns1 || !ns2) {
    fprintf(stderr, "wanem needs --ns1 and --ns2\n");
    return 2;
  }
  rate_bps = rate_mbit * 1e6;
  delay_ns = (uint64_t)(delay_ms * 1e6);
  queue_bytes = queue_kib > 0 ? (uint64_t)(queue_kib * 1024) : (uint64_t)(rate_bps / 8 * 2 * delay_ms / 1e3);
  if (queue_bytes < MIN_QUEUE_BYTES) queue_bytes = MIN_QUEUE_BYTES;

  int tun1 = open_tun(ns1, device), tun2 = open_tun(ns2, device);
  direction directions[2];
  memset(directions, 0, sizeof directions);
  for (int i = 0; i < 2; i++) {
    direction *d = &directions[i];
    d->in = i ? tun2 : tun1;
    d->out = i ? tun1 : tun2;
    d->random = (seed * 2 + i + 1) * 0x9E3779B97F4A7C15ull;
    d->ring = mmap(NULL, sizeof(packet) * (size_t)RING_PACKETS, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (d->ring == MAP_FAILED) die("mmap");
  }
  struct sigaction action = {.sa_handler = on_signal};
  sigaction(SIGTERM, &action, NULL);
  sigaction(SIGINT, &action, NULL);
  sigaction(SIGUSR1, &action, NULL);
  prctl(PR_SET_TIMERSLACK, 1000);
  struct sched_param priority = {.sched_priority = 10};
  if (real_time && sched_setscheduler(0, SCHED_FIFO, &priority)) perror("SCHED_FIFO");
  if (ready) {
    int file = open(ready, O_CREAT | O_WRONLY, 0644);
    if (file >= 0) close(file);
  }
  while (!stopping) {
    if (dumping) {
      dumping = 0;
      write_stats(stats, directions);
    }
    uint64_t now = now_ns();
    for (int i = 0; i < 2; i++) deliver_due(&directions[i], now);
    for (int i = 0; i < 2; i++) take_in(&directions[i]);
    wait_for_packets(directions);
  }
  write_stats(stats, directions);
  return 0;
}
