#include "gateway/io_thread.h"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <utility>
#include <vector>

#include "fmt/format.h"

namespace papertape::gateway {
namespace {

// "Fri, 20 Nov 2026 10:00:00 GMT" (RFC 9110), whatever the locale.
std::string HttpDate(std::chrono::sys_seconds time) {
  constexpr std::array<std::string_view, 7> kDays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array<std::string_view, 12> kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(time - day);
  return fmt::format("{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT", kDays[std::chrono::weekday(day).c_encoding()],
                     static_cast<unsigned>(date.day()), kMonths[static_cast<unsigned>(date.month()) - 1],
                     static_cast<int>(date.year()), clock.hours().count(), clock.minutes().count(),
                     clock.seconds().count());
}

}  // namespace

IoThread::IoThread(std::size_t index, std::chrono::milliseconds sweep_every, const Clock& clock,
                   const RandomBits& random)
    // Ids need to be unlike each other, not secret: one draw from the system seeds the thread's own sequence.
    : index_(index), sweep_every_(sweep_every), clock_(clock), random_(SeededRandom(random())) {}

IoThread::~IoThread() { Stop(); }

void IoThread::Start() {
  ScheduleSweep();
  thread_ = std::thread([this] {
    const auto work = boost::asio::make_work_guard(context_);
    context_.run();
  });
}

void IoThread::Stop() {
  if (!thread_.joinable()) return;
  Post([this] { context_.stop(); });
  thread_.join();
}

void IoThread::Post(std::function<void()> task) { boost::asio::post(context_, std::move(task)); }

void IoThread::ScheduleSweep() {
  timer_.expires_after(sweep_every_);
  timer_.async_wait([this](const boost::system::error_code& error) {
    if (error) return;
    // A swept connection may remove itself.
    const std::vector<Connection*> all(connections_.begin(), connections_.end());
    const Instant now = Now();
    for (Connection* connection : all) {
      if (connections_.contains(connection)) connection->Sweep(now);
    }
    ScheduleSweep();
  });
}

void IoThread::DrainAll() {
  draining_ = true;
  const std::vector<Connection*> all(connections_.begin(), connections_.end());
  for (Connection* connection : all) {
    if (connections_.contains(connection)) connection->Drain();
  }
}

void IoThread::AbortAll() {
  const std::vector<Connection*> all(connections_.begin(), connections_.end());
  for (Connection* connection : all) {
    if (connections_.contains(connection)) connection->Abort();
  }
}

std::string_view IoThread::Date() {
  const auto second = std::chrono::floor<std::chrono::seconds>(clock_.Now());
  if (second != date_second_) {
    date_second_ = second;
    date_ = HttpDate(second);
  }
  return date_;
}

}  // namespace papertape::gateway
