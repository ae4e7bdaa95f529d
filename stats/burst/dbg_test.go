package burst
