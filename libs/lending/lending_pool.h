// A bounded number of things, lent one at a time: connections of a pool. Things are made by the borrower, who keeps the
// loan's place while it does, and are given back with the loan. Thread-safe; outlives its loans.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

namespace papertape {

// Counts the places; knows nothing of what is lent.
class Places {
 public:
  explicit Places(std::size_t count) : free_(count) {}
  // False when no place came free in time.
  bool Take(std::chrono::milliseconds wait);
  void GiveBack();

 private:
  std::mutex mutex_;
  std::condition_variable freed_;
  std::size_t free_;
};

template <class Thing>
class LendingPool {
 public:
  explicit LendingPool(std::size_t count) : places_(count) {}
  LendingPool(const LendingPool&) = delete;
  LendingPool& operator=(const LendingPool&) = delete;

  // Holds a place; `thing` is null when nothing rested. What `thing` is at the end rests for the next borrower.
  class Loan {
   public:
    Loan(LendingPool& pool, std::unique_ptr<Thing> rested) : thing(std::move(rested)), pool_(&pool) {}
    Loan(Loan&& other) noexcept : thing(std::move(other.thing)), pool_(std::exchange(other.pool_, nullptr)) {}
    Loan& operator=(Loan&&) = delete;
    ~Loan() {
      if (pool_ != nullptr) pool_->GiveBack(std::move(thing));
    }
    std::unique_ptr<Thing> thing;

   private:
    LendingPool* pool_;
  };

  // Nothing when no place came free within `wait`.
  std::optional<Loan> Borrow(std::chrono::milliseconds wait) {
    if (!places_.Take(wait)) return std::nullopt;
    return std::make_optional<Loan>(*this, TakeRested());
  }

 private:
  // The one used last: what others keep for it is still warm.
  std::unique_ptr<Thing> TakeRested() {
    const std::scoped_lock lock(mutex_);
    if (rested_.empty()) return nullptr;
    std::unique_ptr<Thing> thing = std::move(rested_.back());
    rested_.pop_back();
    return thing;
  }

  void GiveBack(std::unique_ptr<Thing> thing) {
    if (thing) {
      const std::scoped_lock lock(mutex_);
      rested_.push_back(std::move(thing));
    }
    places_.GiveBack();
  }

  Places places_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<Thing>> rested_;
};

}  // namespace papertape
