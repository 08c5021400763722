#include "services/trade_engine/wiring.h"

int main() { return papertape::service::Run("trade-engine", papertape::trade_engine::Wire); }
