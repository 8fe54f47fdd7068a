#pragma once

#include <atomic>
#include <utility>

namespace neve::service {

/// How many threads one kind of request may hold, so that it leaves some for everybody else. Thread-safe.
class ThreadPlaces {
 public:
  explicit ThreadPlaces(unsigned most) : most_(most) {}

  /// Given up on destruction. Used by one thread.
  class Place {
   public:
    Place() = default;
    Place(Place&& other) noexcept : places_(std::exchange(other.places_, nullptr)) {}
    Place& operator=(Place&& other) noexcept {
      std::swap(places_, other.places_);
      return *this;
    }
    ~Place() { give_up(); }

    [[nodiscard]] bool held() const noexcept { return places_ != nullptr; }
    void give_up() noexcept {
      if (places_ != nullptr) --std::exchange(places_, nullptr)->taken_;
    }

   private:
    friend class ThreadPlaces;
    explicit Place(ThreadPlaces* places) : places_(places) {}
    ThreadPlaces* places_ = nullptr;
  };

  /// Not held if all are taken.
  [[nodiscard]] Place take() noexcept {
    if (++taken_ <= most_) return Place(this);
    --taken_;
    return {};
  }
  [[nodiscard]] unsigned most() const noexcept { return most_; }

 private:
  const unsigned most_;
  std::atomic<unsigned> taken_{0};
};

}  // namespace neve::service
