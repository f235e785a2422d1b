// Included before the sources of tfjs-node's addon when it is compiled against TensorFlow 2.21.
#pragma once

#include "absl/log/internal/globals.h"

extern "C" void ergoflow_unmute();

namespace ergoflow {
inline const bool started = [] {
  // Abseil writes every message to stderr until a program says that its log is set up, and keeps to
  // errors from then on. `InitializeLog` is not among the wheel's symbols; this is its core.
  if (!absl::log_internal::IsInitialized()) absl::log_internal::SetInitialized();
  ergoflow_unmute();
  return true;
}();
}  // namespace ergoflow
