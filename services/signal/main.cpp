#include "services/signal/wiring.h"

int main() { return papertape::service::Run("signal", papertape::signal::Wire); }
