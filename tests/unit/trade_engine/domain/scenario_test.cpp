#include <filesystem>
#include <fstream>
#include <sstream>

#include "fmt/format.h"
#include "libs/clock/fake_clock.h"
#include "libs/status/status.h"
#include "services/trade_engine/domain/book.h"
#include "tests/support/catch.h"

namespace papertape::trade_engine {
namespace {

std::int64_t Number(const std::string& text) { return ParseDecimal(text).value(); }

// Runs one scenario file on a book; see tests/scenarios/README.md for the language.
class Scenario {
 public:
  void Run(const std::filesystem::path& path) {
    std::ifstream file(path);
    REQUIRE(file.good());
    std::string line;
    for (int number = 1; std::getline(file, line); ++number) {
      if (line.empty() || line.starts_with('#')) continue;
      INFO(path.filename().string() << ":" << number << ": " << line);
      const std::size_t arrow = line.find("=>");
      std::istringstream words(line.substr(0, arrow));
      std::string expected = arrow == std::string::npos ? "" : line.substr(arrow + 2);
      expected.erase(0, expected.find_first_not_of(' '));
      clock_.Advance(std::chrono::milliseconds(1));
      CHECK(Do(words) == expected);
    }
  }

 private:
  std::string Do(std::istringstream& words) {
    std::string verb;
    words >> verb;
    if (verb == "models") return ChooseModels(words);
    if (verb == "account") return OpenTheAccount(words);
    if (verb == "quote" || verb == "tick") return SetPrice(words);
    if (verb == "buy" || verb == "sell") return OpenTheTrade(verb == "buy" ? Side::kBuy : Side::kSell, words);
    if (verb == "exit") return Exit(words);
    if (verb == "change") return Change(words);
    if (verb == "exit-all") return ExitAll(words);
    if (verb == "check") return Check(words);
    return "unknown command " + verb;
  }

  std::int64_t User(const std::string& name) { return name[0] - 'A' + 1; }

  std::string ChooseModels(std::istringstream& words) {
    std::string fees, slippage;
    BookOptions options;
    words >> fees >> options.fee_model >> slippage >> options.slippage_model;
    book_.emplace(options, ids_);
    return "";
  }

  std::string OpenTheAccount(std::istringstream& words) {
    std::string name, cash, amount;
    words >> name >> cash >> amount;
    const auto opened =
        book_->Decide(OpenAccount{User(name), Money::FromMicros(Number(amount))}, clock_.Now(), "", batch_);
    accounts_[User(name)] = opened->account;
    return "";
  }

  std::string SetPrice(std::istringstream& words) {
    std::string symbol, text;
    words >> symbol >> text;
    Quote quote{.symbol = symbol, .time = clock_.Now(), .source = "scenario"};
    if (const std::size_t slash = text.find('/'); slash != std::string::npos) {
      quote.bid = Price::FromMicros(Number(text.substr(0, slash)));
      quote.ask = Price::FromMicros(Number(text.substr(slash + 1)));
      quote.last = Price::FromMicros((quote.bid->micros() + quote.ask->micros()) / 2);
    } else {
      quote.last = Price::FromMicros(Number(text));
    }
    const std::size_t before = batch_.events().size();
    book_->Tick(quote, clock_.Now(), batch_);
    std::string fired;
    for (std::size_t i = before; i < batch_.events().size(); ++i) {
      const Event& event = batch_.events()[i];
      accounts_[event.account.user_id] = event.account;
      fired += fmt::format("{}{} {} at {}", fired.empty() ? "" : ", ", names_[event.trade->trade_id],
                           event.kind == EventKind::kStopLossHit ? "stop" : "target", Format(*event.trade->exit_price));
    }
    return fired;
  }

  std::string OpenTheTrade(Side side, std::istringstream& words) {
    std::string name, quantity, option, value, alias;
    OpenTrade command{.side = side};
    words >> name >> command.symbol >> quantity;
    command.user_id = User(name);
    command.quantity = Quantity::FromMicros(Number(quantity));
    while (words >> option >> value) {
      if (option == "stop") command.stop_loss = Price::FromMicros(Number(value));
      if (option == "target") command.target_price = Price::FromMicros(Number(value));
      if (option == "as") alias = value;
    }
    const auto opened = book_->Decide(command, clock_.Now(), "", batch_);
    if (!opened.ok()) return Refusal(opened.status());
    accounts_[command.user_id] = opened->account;
    names_[opened->trade.trade_id] = alias;
    ids_by_name_[alias] = opened->trade.trade_id;
    return fmt::format("FILLED {} @ {}", Format(opened->trade.quantity), Pretty(opened->trade.entry_price, side));
  }

  // Prices as the scenario writes them: two places where there are any.
  static std::string Pretty(Price price, Side) {
    const std::string text = Format(price);
    const std::size_t dot = text.find('.');
    return dot != std::string::npos && text.size() - dot == 2 ? text + "0" : text;
  }

  std::string Exit(std::istringstream& words) {
    std::string name, alias;
    words >> name >> alias;
    const auto exited =
        book_->Decide(ExitTrade{.user_id = User(name), .trade_id = ids_by_name_[alias]}, clock_.Now(), "", batch_);
    return Exited(exited);
  }

  std::string Change(std::istringstream& words) {
    std::string name, alias, option, value;
    words >> name >> alias;
    ChangeTrade command{.user_id = User(name), .trade_id = ids_by_name_[alias]};
    while (words >> option >> value) {
      const std::optional<Price> level =
          value == "none" ? std::nullopt : std::optional(Price::FromMicros(Number(value)));
      (option == "stop" ? command.stop_loss : command.target_price) = level;
    }
    const auto changed = book_->Decide(command, clock_.Now(), "", batch_);
    return changed.ok() ? "" : Refusal(changed.status());
  }

  std::string ExitAll(std::istringstream& words) {
    std::string name;
    words >> name;
    return Exited(book_->Decide(ExitAllTrades{.user_id = User(name)}, clock_.Now(), "", batch_));
  }

  std::string Exited(const absl::StatusOr<TradesExited>& exited) {
    if (!exited.ok()) return Refusal(exited.status());
    accounts_[exited->account.user_id] = exited->account;
    return "pnl " + Format(exited->total_pnl);
  }

  std::string Check(std::istringstream& words) {
    std::string name;
    words >> name;
    const Account& account = accounts_[User(name)];
    std::string figure, value;
    while (words >> figure >> value) {
      const Money actual = figure == "available"  ? account.available
                           : figure == "utilized" ? account.utilized
                                                  : account.realized_pnl;
      CHECK(figure + " " + Format(actual) == figure + " " + value);
    }
    CHECK(account.available.micros() + account.utilized.micros() ==
          account.deposit.micros() + account.realized_pnl.micros());
    return "";
  }

  static std::string Refusal(const absl::Status& status) {
    return "reject " + std::string(EntryOf(ReasonOf(status)).name);
  }

  FakeClock clock_;
  IdSource ids_{clock_, SeededRandom(1)};
  std::optional<Book> book_{std::in_place, BookOptions(), ids_};
  Batch batch_;
  std::map<std::int64_t, Account> accounts_;
  std::map<std::string, std::string> names_, ids_by_name_;
};

TEST_CASE("every scenario holds on the book") {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(PAPERTAPE_SCENARIOS)) {
    if (entry.path().extension() == ".txt") files.push_back(entry.path());
  }
  REQUIRE(files.size() >= 3);
  for (const auto& file : files) Scenario().Run(file);
}

}  // namespace
}  // namespace papertape::trade_engine
