#include "gateway/gateway.h"

int main() { return papertape::gateway::Run(); }
