// A library without purpose but its first and last word: linked with -z initfirst, its constructor
// runs before TensorFlow's, which greet every start with a notice about oneDNN on stderr. No setting
// turns that notice off (TF_CPP_MIN_LOG_LEVEL is read too late), and turning oneDNN off costs speed.
#define _GNU_SOURCE
#include <fcntl.h>
#include <unistd.h>

static int saved = -1;

__attribute__((constructor)) static void mute(void) {
  int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
  if (nowhere < 0) return;
  saved = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 0);
  if (saved >= 0) dup2(nowhere, STDERR_FILENO);
  close(nowhere);
}

// Called by the addon's own constructor (quietStart.h), which runs after TensorFlow's.
void ergoflow_unmute(void) {
  if (saved < 0) return;
  dup2(saved, STDERR_FILENO);
  close(saved);
  saved = -1;
}
