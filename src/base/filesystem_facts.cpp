#include <neve/base/filesystem_facts.hpp>

#include <pwd.h>
#include <sys/stat.h>
#include <sys/vfs.h>

#include <array>

namespace neve {
namespace {

enum class Reach { local, network };

struct KnownFilesystem {
  std::uint32_t magic;
  const char* name;
  Reach reach;
  ChangeSign sign = ChangeSign::none;
};

// The numbers are those of statfs(2) and the kernel's linux/magic.h. FUSE may be anything, so it counts as network. An
// overlay's open file may be one of a lower layer, which keeps its links when another takes the name above it; vfat
// stamps files every two seconds.
constexpr std::array kKnown{
    KnownFilesystem{0xEF53, "ext4", Reach::local, ChangeSign::descriptor},
    KnownFilesystem{0x58465342, "xfs", Reach::local, ChangeSign::descriptor},
    KnownFilesystem{0x9123683E, "btrfs", Reach::local, ChangeSign::descriptor},
    KnownFilesystem{0x01021994, "tmpfs", Reach::local, ChangeSign::descriptor},
    KnownFilesystem{0xF2F52010, "f2fs", Reach::local, ChangeSign::descriptor},
    KnownFilesystem{0x2FC12FC1, "zfs", Reach::local, ChangeSign::name},
    KnownFilesystem{0x794C7630, "overlay", Reach::local, ChangeSign::name},
    KnownFilesystem{0x4D44, "vfat", Reach::local},
    KnownFilesystem{0x6969, "nfs", Reach::network},
    KnownFilesystem{0x517B, "smb", Reach::network},
    KnownFilesystem{0xFF534D42, "cifs", Reach::network},
    KnownFilesystem{0xFE534D42, "smb2", Reach::network},
    KnownFilesystem{0x00C36400, "ceph", Reach::network},
    KnownFilesystem{0x0BD00BD0, "lustre", Reach::network},
    KnownFilesystem{0x47504653, "gpfs", Reach::network},
    KnownFilesystem{0x19830326, "beegfs", Reach::network},
    KnownFilesystem{0x5346414F, "afs", Reach::network},
    KnownFilesystem{0x01021997, "9p", Reach::network},
    KnownFilesystem{0x65735546, "fuse", Reach::network},
};

const KnownFilesystem* known(std::uint32_t magic) noexcept {
  for (const KnownFilesystem& filesystem : kKnown) {
    if (filesystem.magic == magic) return &filesystem;
  }
  return nullptr;
}

std::string user_name(std::uint32_t uid) {
  std::array<char, 1024> room{};
  passwd entry{};
  passwd* found = nullptr;
  if (::getpwuid_r(uid, &entry, room.data(), room.size(), &found) == 0 && found != nullptr) return found->pw_name;
  return std::to_string(uid);
}

}  // namespace

FilesystemFacts filesystem_facts(int fd) {
  FilesystemFacts facts;
  struct stat status {};
  if (::fstat(fd, &status) == 0) {
    facts.owner_uid = status.st_uid;
    facts.owner = user_name(status.st_uid);
  }
  struct statfs system {};
  if (::fstatfs(fd, &system) == 0) {
    const auto magic = static_cast<std::uint32_t>(system.f_type);
    const KnownFilesystem* filesystem = known(magic);
    facts.type = filesystem != nullptr ? filesystem->name : "filesystem " + std::to_string(magic);
    facts.network = filesystem != nullptr && filesystem->reach == Reach::network;
    facts.free_bytes = static_cast<std::uint64_t>(system.f_bavail) * static_cast<std::uint64_t>(system.f_bsize);
  }
  return facts;
}

bool is_network_filesystem(int fd) noexcept {
  struct statfs system {};
  if (::fstatfs(fd, &system) != 0) return true;
  const KnownFilesystem* filesystem = known(static_cast<std::uint32_t>(system.f_type));
  return filesystem != nullptr && filesystem->reach == Reach::network;
}

bool is_local_filesystem(int fd) noexcept {
  struct statfs system {};
  if (::fstatfs(fd, &system) != 0) return false;
  const KnownFilesystem* filesystem = known(static_cast<std::uint32_t>(system.f_type));
  return filesystem != nullptr && filesystem->reach == Reach::local;
}

ChangeSign change_sign(int fd) noexcept {
  struct statfs system {};
  if (::fstatfs(fd, &system) != 0) return ChangeSign::none;
  const KnownFilesystem* filesystem = known(static_cast<std::uint32_t>(system.f_type));
  return filesystem != nullptr ? filesystem->sign : ChangeSign::none;
}

}  // namespace neve
