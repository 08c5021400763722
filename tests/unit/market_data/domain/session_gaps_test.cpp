#include "services/market_data/domain/session_gaps.h"

#include "tests/support/catch.h"
#include "tests/unit/market_data/market_fixtures.h"

namespace papertape::market {
namespace {

using testing::At;
using testing::Day;

std::vector<std::string> Named(const std::vector<Timestamp>& days) {
  std::vector<std::string> names;
  for (const Timestamp day : days) names.push_back(FormatDate(day));
  return names;
}

using Names = std::vector<std::string>;

TEST_CASE("weekends and holidays are no sessions") {
  CHECK(Named(FinishedSessions("XNYS", Day("2024-07-03"), Day("2024-07-08"), At("2025-01-01T00:00:00Z"))) ==
        Names{"2024-07-03", "2024-07-05", "2024-07-08"});
}

TEST_CASE("a session counts from its close on, an early one from its early close") {
  const auto until = [](const char* now) {
    return FinishedSessions("XNYS", Day("2024-11-29"), Day("2024-11-29"), At(now)).size();
  };
  CHECK(until("2024-11-29T17:59:59Z") == 0);
  CHECK(until("2024-11-29T18:00:00Z") == 1);
}

TEST_CASE("a session on a Saturday counts where the calendar says so") {
  CHECK(Named(FinishedSessions("XNSE", Day("2024-01-19"), Day("2024-01-21"), At("2025-01-01T00:00:00Z"))) ==
        Names{"2024-01-19", "2024-01-20"});
}

TEST_CASE("where no calendar knows the exchange every weekday that is over is a session") {
  CHECK(Named(FinishedSessions("XLON", Day("2024-12-24"), Day("2024-12-30"), At("2024-12-27T12:00:00Z"))) ==
        Names{"2024-12-24", "2024-12-25", "2024-12-26"});
}

std::vector<Timestamp> Sessions(int count) {
  std::vector<Timestamp> days;
  for (int i = 0; i < count; ++i) days.push_back(Day("2024-01-01") + std::chrono::days(i));
  return days;
}

TEST_CASE("what is known is not asked for") {
  const std::vector<Timestamp> sessions = Sessions(30);
  const std::set<Timestamp> known(sessions.begin() + 2, sessions.end() - 1);
  const std::vector<Stretch> gaps = GapsOf(sessions, known, {});
  REQUIRE(gaps.size() == 2);
  CHECK(gaps[0] == Stretch{sessions[0], sessions[1]});
  CHECK(gaps[1] == Stretch{sessions[29]});
  CHECK(GapsOf(sessions, {sessions.begin(), sessions.end()}, {}).empty());
}

TEST_CASE("gaps that lie close together are asked for together, without what lies between") {
  const std::vector<Timestamp> sessions = Sessions(5);
  const std::vector<Stretch> gaps = GapsOf(sessions, {sessions[1], sessions[2]}, {.joined_over = 2});
  REQUIRE(gaps.size() == 1);
  CHECK(gaps[0] == Stretch{sessions[0], sessions[3], sessions[4]});
  CHECK(GapsOf(sessions, {sessions[1], sessions[2]}, {.joined_over = 1}).size() == 2);
}

TEST_CASE("a stretch is no longer than a request may be") {
  const std::vector<Stretch> gaps = GapsOf(Sessions(25), {}, {.most_sessions = 10});
  REQUIRE(gaps.size() == 3);
  CHECK(gaps[0].size() == 10);
  CHECK(gaps[1].size() == 10);
  CHECK(gaps[2].size() == 5);
}

}  // namespace
}  // namespace papertape::market
