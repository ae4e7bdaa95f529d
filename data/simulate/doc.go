// Package simulate makes worlds of trade with planted truth. Places and codes
// are real, so that the files pass for a real run's input; everything else is
// drawn from a seed and says nothing about any economy of that name.
//
//  1. Economies, goods and lanes are drawn: positions, sizes, reporting habits;
//     families, prices, producers; who sells what to whom.
//  2. True trade is drawn month by month, with the hub that part of it passes.
//  3. The plan picks lanes for planted cases and honest look-alikes; those that
//     change real trade happen here.
//  4. The ledger writes down what every side would declare if nobody erred.
//  5. Declarations add each line's bias, habits and noise, silences, estimates
//     and slips, and become rows of UN Comtrade's layout.
//  6. The truth is written apart from the input, for a scorer to read.
package simulate
