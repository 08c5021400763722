// What goes into PostgreSQL comes out again, exactly.
#include <cmath>
#include <limits>

#include "libs/pg/pool.h"
#include "tests/support/catch.h"
#include "tests/support/matchers.h"
#include "tests/support/test_database.h"

namespace papertape::pg {
namespace {

using testing::HasReason;
using testing::IsOk;
using testing::TestDatabase;

// Runs one statement in a pool of its own and answers its rows.
Rows Select(const TestDatabase& database, std::string_view sql, const std::vector<Param>& params) {
  Pool pool(database.Options("public"));
  std::optional<Rows> rows;
  const absl::Status status = pool.Read([&](Transaction& transaction) {
    rows = transaction.Exec(sql, params);
    return absl::OkStatus();
  });
  REQUIRE_THAT(status, IsOk());
  return *rows;
}

Timestamp At(std::string_view text) {
  const auto time = ParseRfc3339(text);
  REQUIRE_THAT(time.status(), IsOk());
  return *time;
}

}  // namespace

TEST_CASE("a parameter of each type reads back as it was given") {
  const TestDatabase database;
  const std::string bytes("\x00\x01\xfe\xff\\\"", 6);
  const Rows rows = Select(
      database,
      "select $1::text, $2::bigint, $3::integer, $4::boolean, $5::double precision, "
      "$6::numeric(20,6), $7::bytea, $8::text, $9::numeric(20,6)",
      {"it's \"quoted\" \\ \xe2\x82\xac", std::numeric_limits<std::int64_t>::min(), -7, true, 0.1,
       Price::FromMicros(150'250'001), Param::Bytes(bytes), std::nullopt, std::optional<Money>(Money::FromUnits(-3))});
  REQUIRE(rows.size() == 1);
  CHECK(rows.Text(0, 0) == "it's \"quoted\" \\ \xe2\x82\xac");
  CHECK(rows.Int(0, 1) == std::numeric_limits<std::int64_t>::min());
  CHECK(rows.Int(0, 2) == -7);
  CHECK(rows.Bool(0, 3));
  CHECK(rows.Double(0, 4) == 0.1);
  CHECK(rows.Exact<Price>(0, 5) == Price::FromMicros(150'250'001));
  CHECK(rows.Bytes(0, 6) == bytes);
  CHECK(rows.IsNull(0, 7));
  CHECK(rows.OptionalText(0, 7) == std::nullopt);
  CHECK(rows.OptionalExact<Money>(0, 7) == std::nullopt);
  CHECK(rows.OptionalExact<Money>(0, 8) == Money::FromUnits(-3));
}

TEST_CASE("doubles read back bit for bit") {
  const TestDatabase database;
  for (const double value : {1.0 / 3, 1e308, 5e-324, -0.0, 123456789.123456789}) {
    const Rows rows = Select(database, "select $1::double precision", {value});
    CHECK(rows.Double(0, 0) == value);
    CHECK(std::signbit(rows.Double(0, 0)) == std::signbit(value));
  }
}

TEST_CASE("times keep their microsecond in any session time zone") {
  const TestDatabase database;
  Pool pool(database.Options("public"));
  const char* const zone = GENERATE("UTC", "Asia/Kolkata", "America/St_Johns", "Asia/Kathmandu", "America/New_York");
  for (const char* const text :
       {"2026-03-02T14:30:00.25Z", "1969-12-31T23:59:59.999999Z", "1884-01-01T00:00:00.000001Z",
        "2026-11-01T05:59:59.5Z", "9999-12-31T23:59:59.999999Z"}) {
    const Timestamp time = At(text);
    const absl::Status status = pool.Transact([&](Transaction& transaction) {
      transaction.Exec("select set_config('TimeZone', $1, true)", {zone});
      const Rows rows = transaction.Exec("select $1::timestamptz, $1::timestamptz = $2::timestamptz", {time, text});
      CHECK(rows.Time(0, 0) == time);
      CHECK(rows.Bool(0, 1));
      return absl::OkStatus();
    });
    REQUIRE_THAT(status, IsOk());
  }
}

TEST_CASE("array parameters carry every text, nulls and all") {
  const TestDatabase database;
  const std::vector<std::optional<std::string>> texts = {"plain",        "",
                                                         "NULL",         "null",
                                                         std::nullopt,   "a,b",
                                                         "{x}",          "quote\" back\\slash",
                                                         " spaced ",     "line\nfeed\ttab",
                                                         "\xe2\x82\xac", "\\x00"};
  ArrayParam array;
  array.Reserve(texts.size(), 8);
  for (const auto& text : texts) array.Add(text);
  const Rows rows =
      Select(database, "select t from unnest($1::text[]) with ordinality as u(t, n) order by n", {array.Finish()});
  REQUIRE(rows.size() == texts.size());
  for (std::size_t i = 0; i < texts.size(); ++i) CHECK(rows.OptionalText(i, 0) == texts[i]);
}

TEST_CASE("array parameters of one batch line up by column") {
  const TestDatabase database;
  const Timestamp time = At("2026-03-02T14:30:00.000001Z");
  ArrayParam ids, prices, times, flags, payloads, empty;
  ids.Add(std::int64_t{41});
  ids.Add(std::int64_t{-42});
  prices.Add(Price::FromMicros(1));
  prices.Add(std::optional<Price>());
  times.Add(time);
  times.Add(time + std::chrono::hours(1));
  flags.Add(true);
  flags.Add(false);
  payloads.Add(Param::Bytes("\\\"\x01"));
  payloads.Add(Param::Bytes(""));
  const Rows rows =
      Select(database,
             "select * from unnest($1::bigint[], $2::numeric[], $3::timestamptz[], $4::boolean[], "
             "$5::bytea[]), cardinality($6::text[]) as c",
             {ids.Finish(), prices.Finish(), times.Finish(), flags.Finish(), payloads.Finish(), empty.Finish()});
  REQUIRE(rows.size() == 2);
  CHECK(rows.Int(0, 0) == 41);
  CHECK(rows.Int(1, 0) == -42);
  CHECK(rows.Exact<Price>(0, 1) == Price::FromMicros(1));
  CHECK(rows.IsNull(1, 1));
  CHECK(rows.Time(0, 2) == time);
  CHECK(rows.Time(1, 2) == time + std::chrono::hours(1));
  CHECK(rows.Bool(0, 3));
  CHECK_FALSE(rows.Bool(1, 3));
  CHECK(rows.Bytes(0, 4) == "\\\"\x01");
  CHECK(rows.Bytes(1, 4).empty());
  CHECK(rows.Int(0, 5) == 0);
}

TEST_CASE("copied rows arrive whole") {
  const TestDatabase database;
  database.Execute("create table bars (symbol text, close numeric(20,6), note text, time timestamptz)");
  const Timestamp time = At("2026-03-02T14:30:00.25Z");
  std::vector<std::vector<Param>> rows;
  for (int i = 0; i < 1'000; ++i) rows.push_back({"^GSPC", Price::FromMicros(i), "a\tb\\c\nd\re", time});
  rows.push_back({"\\N", Price::FromMicros(-1), std::nullopt, std::nullopt});
  Pool pool(database.Options("public"));
  REQUIRE_THAT(pool.Transact([&](Transaction& transaction) {
    transaction.Copy("bars", {"symbol", "close", "note", "time"}, rows);
    return absl::OkStatus();
  }),
               IsOk());
  const Rows stored = Select(database, "select symbol, note, time, close from bars order by close", {});
  REQUIRE(stored.size() == 1'001);
  CHECK(stored.Text(0, 0) == "\\N");
  CHECK(stored.IsNull(0, 1));
  CHECK(stored.IsNull(0, 2));
  CHECK(stored.Text(1'000, 1) == "a\tb\\c\nd\re");
  CHECK(stored.Time(1'000, 2) == time);
  CHECK(stored.Exact<Price>(1'000, 3) == Price::FromMicros(999));
}

TEST_CASE("rows copied in binary arrive whole, and a mistake in one fails the transaction by its name") {
  const TestDatabase database;
  database.Execute(
      "create table filed (n bigint primary key, line smallint, ok boolean, amount numeric(20,6), note text, "
      "bytes bytea, time timestamptz); create table others (n bigint)");
  constexpr std::int64_t kLowest = std::numeric_limits<std::int64_t>::min();
  const std::vector<std::int64_t> amounts = {0,
                                             1,
                                             -1,
                                             999'999,
                                             1'000'000,
                                             100'000'000,
                                             -12'345'678'901,
                                             10'000'000'000,
                                             123'456'000'000,
                                             9'999'000'001,
                                             kLowest,
                                             -(kLowest + 1)};
  const Timestamp time = At("1969-12-31T23:59:59.999999Z");
  Pool pool(database.Options("public"));
  const auto copy = [&](CopyRows& rows) {
    return pool.Transact([&](Transaction& transaction) {
      CopyRows other;
      other.Add(std::int64_t{7});
      transaction.CopyBinary({{"filed (n, line, ok, amount, note, bytes, time)", rows}, {"others (n)", other}});
      return absl::OkStatus();
    });
  };
  CopyRows rows;
  std::int64_t n = 0;
  for (const std::int64_t amount : amounts) {
    rows.Add(n, std::int16_t{-3}, n % 2 == 0, Money::FromMicros(amount), "tab\t line\n \\ \xe2\x82\xac",
             Bytea{std::string_view("\0\xff", 2)}, time);
    ++n;
  }
  rows.Add(n, std::optional<std::int16_t>(), std::optional<bool>(), std::optional<Price>(),
           std::optional<std::string_view>(), std::optional<Bytea>(), std::optional<Timestamp>());
  REQUIRE_THAT(copy(rows), IsOk());
  const Rows stored =
      Select(database, "select line, ok, amount, note, bytes, time, amount::text from filed order by n", {});
  REQUIRE(stored.size() == amounts.size() + 1);
  for (std::size_t i = 0; i < amounts.size(); ++i) {
    CHECK(stored.Int(i, 0) == -3);
    CHECK(stored.Bool(i, 1) == (i % 2 == 0));
    CHECK(stored.Exact<Money>(i, 2) == Money::FromMicros(amounts[i]));
    CHECK(stored.Text(i, 3) == "tab\t line\n \\ \xe2\x82\xac");
    CHECK(stored.Bytes(i, 4) == std::string("\0\xff", 2));
    CHECK(stored.Time(i, 5) == time);
  }
  for (int column = 0; column < 6; ++column) CHECK(stored.IsNull(amounts.size(), column));

  CopyRows repeated;
  repeated.Add(std::int64_t{0}, std::int16_t{0}, true, Money(), "", Bytea{""}, time);
  CHECK(ViolatedConstraint(copy(repeated)) == "filed_pkey");
  CopyRows unreadable;
  unreadable.Add(std::int64_t{100}, std::int16_t{0}, true, Money(), "\xff", Bytea{""}, time);
  CHECK_THAT(copy(unreadable), HasReason(Reason::kINVALID_ARGUMENT));
  CHECK(database.Execute("select count(*) from filed where n >= 100") == "0");
  CHECK(database.Execute("select count(*) from others") == "1");
}

}  // namespace papertape::pg
