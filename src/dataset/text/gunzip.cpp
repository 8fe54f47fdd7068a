#include "dataset/text/gunzip.hpp"

#include <isa-l/igzip_lib.h>

#include <algorithm>
#include <vector>

#include <neve/base/error.hpp>

namespace neve::dataset {
namespace {

constexpr std::size_t kBlock = std::size_t{256} << 10;

}  // namespace

struct GunzipInput::State {
  inflate_state inflate{};
  std::vector<std::uint8_t> block = std::vector<std::uint8_t>(kBlock);
  bool within_member = false;
};

GunzipInput::GunzipInput(TextInput& packed, std::string name)
    : packed_(packed), name_(std::move(name)), state_(std::make_unique<State>()) {
  isal_inflate_init(&state_->inflate);
  state_->inflate.crc_flag = ISAL_GZIP;
}

GunzipInput::~GunzipInput() = default;

bool GunzipInput::fill() {
  if (state_->inflate.avail_in > 0) return true;
  const std::size_t count = packed_.read({reinterpret_cast<char*>(state_->block.data()), state_->block.size()});
  state_->inflate.next_in = state_->block.data();
  state_->inflate.avail_in = static_cast<std::uint32_t>(count);
  return count > 0;
}

std::size_t GunzipInput::read(std::span<char> out) {
  inflate_state& inflate = state_->inflate;
  while (true) {
    const bool input = fill();
    if (!input && !state_->within_member) return 0;
    if (!state_->within_member) {
      if (*inflate.next_in == 0) {  // padding behind the last member, as of tapes
        ++inflate.next_in;
        --inflate.avail_in;
        continue;
      }
      isal_inflate_reset(&inflate);
      inflate.crc_flag = ISAL_GZIP;
      state_->within_member = true;
    }
    inflate.next_out = reinterpret_cast<std::uint8_t*>(out.data());
    inflate.avail_out = static_cast<std::uint32_t>(std::min<std::size_t>(out.size(), std::size_t{1} << 30U));
    const std::uint32_t room = inflate.avail_out;
    const int status = isal_inflate(&inflate);
    if (status != ISAL_DECOMP_OK && status != ISAL_END_INPUT) {
      throw Error(ErrorCode::corrupt, "'" + name_ + "' is a damaged gzip file");
    }
    if (inflate.block_state == ISAL_BLOCK_FINISH) state_->within_member = false;
    if (room > inflate.avail_out) return room - inflate.avail_out;
    if (!input && state_->within_member) {  // what was read ahead is used up, too
      throw Error(ErrorCode::corrupt, "'" + name_ + "' is a gzip file whose end is missing");
    }
  }
}

}  // namespace neve::dataset
