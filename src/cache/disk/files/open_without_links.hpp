#pragma once

#include <sys/types.h>

#include <neve/base/file.hpp>

namespace neve {

/// openat(2) of `path` below `folder_fd`, O_CLOEXEC and O_NONBLOCK added to `flags`. Fails, with `errno` ELOOP or
/// ENOTDIR, where any part of the path is a link: what is neve's own in a cache folder leads nowhere else. Invalid,
/// with `errno` set, if the file cannot be opened.
[[nodiscard]] FileDescriptor open_without_links(int folder_fd, const char* path, int flags, mode_t mode = 0) noexcept;

}  // namespace neve
