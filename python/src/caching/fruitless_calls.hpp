#pragma once

#include <cstdint>
#include <map>

#include <neve/key/key.hpp>

namespace neve::python {

/// Of the calls that are under way in this process: whether the last of a key that ended left nothing in the cache. Who
/// waits for the next one would wait in vain, too. Used under the GIL.
class FruitlessCalls {
  struct Calls {
    std::uint64_t under_way = 0;
    bool fruitless = false;
  };

 public:
  /// A call that is under way while this lives.
  class Call {
   public:
    Call(FruitlessCalls& calls, const Key& key) : all_(calls.calls_), mine_(all_.try_emplace(key).first) {
      ++mine_->second.under_way;
    }
    ~Call() {
      if (--mine_->second.under_way == 0) all_.erase(mine_);
    }
    Call(const Call&) = delete;
    Call& operator=(const Call&) = delete;

    void ends(bool fruitless) { mine_->second.fruitless = fruitless; }
    [[nodiscard]] bool waits_in_vain() const { return mine_->second.fruitless; }

   private:
    std::map<Key, Calls>& all_;
    std::map<Key, Calls>::iterator mine_;
  };

 private:
  std::map<Key, Calls> calls_;
};

}  // namespace neve::python
