// The process that the crash tests kill: moves or consumes events once, in the database and Redis of the test.
// event_crash_child relay|consumer
#include <csignal>
#include <cstdlib>
#include <iostream>
#include <string_view>

#include "libs/events/events.h"

namespace papertape::events {
namespace {

int Report(const absl::StatusOr<std::size_t>& done) {
  std::cout << (done.ok() ? "done " + std::to_string(*done) : done.status().ToString()) << std::endl;
  return done.ok() ? 0 : 1;
}

int Run(std::string_view role) {
  pg::Pool pool(
      {.dsn = std::getenv("DATABASE_URL"), .schema = "events", .statement_timeout = std::chrono::minutes(10)});
  redis::Client redis({.url = std::getenv("REDIS_URL")});
  if (role == "relay") {
    Relay relay(pool, redis, SystemClock(), {.stream = "events.test"});
    return Report(relay.MoveOnce());
  }
  const auto handle = [](pg::Transaction& transaction, const Event& event) {
    transaction.Exec("insert into effects (event_id) values ($1)", {event.id});
    return absl::OkStatus();
  };
  const auto die = [](const std::vector<Event>&) { std::raise(SIGKILL); };
  Consumer consumer(pool, redis, {.stream = "events.test", .group = "readers", .consumer = "one"}, handle, die);
  return Report(consumer.ConsumeOnce(std::chrono::milliseconds(0)));
}

}  // namespace
}  // namespace papertape::events

int main(int argc, char** argv) { return argc == 2 ? papertape::events::Run(argv[1]) : 2; }
