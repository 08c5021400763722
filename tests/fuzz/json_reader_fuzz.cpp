// Whatever bytes come as a body: no crash, and what was accepted prints as JSON that is accepted again and prints the
// same. The first byte chooses the message.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "libs/json/json_reader.h"
#include "libs/json/json_writer.h"
#include "papertape/auth/v1/auth_service.pb.h"
#include "papertape/test/v1/workshop_service.pb.h"
#include "papertape/trade_engine/v1/trade_service.pb.h"

namespace {

template <class Message>
void Check(std::string_view text) {
  Message first;
  if (!papertape::json::ReadJson(text, first).ok()) return;
  const std::string printed = papertape::json::ToJson(first);
  Message second;
  if (!papertape::json::ReadJson(printed, second).ok() || papertape::json::ToJson(second) != printed) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  switch (data[0] % 3) {
    case 0:
      Check<papertape::test::v1::Tool>(text);
      break;
    case 1:
      Check<papertape::trade_engine::v1::CreateTradeRequest>(text);
      break;
    default:
      Check<papertape::auth::v1::RegisterRequest>(text);
  }
  return 0;
}
