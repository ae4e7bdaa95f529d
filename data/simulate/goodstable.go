package simulate

// goodsTable holds six-digit codes of the 2022 edition with a family, an order
// of magnitude of the unit value in USD per kilogram, and the number of
// producers. Families, prices and numbers are for this simulated world only.
// Minerals come first, in an order that mixes families, so that a world of few
// goods still has sister codes; calm goods come last.
var goodsTable = []goodSpec{
	{"284690", "rare_earths", 18, 4}, {"280530", "rare_earths", 35, 3}, {"284610", "rare_earths", 6, 4},
	{"282580", "antimony", 12, 4}, {"811010", "antimony", 11, 4}, {"750400", "cover", 22, 9},
	{"284180", "tungsten", 26, 5}, {"810110", "tungsten", 38, 6}, {"811292", "gallium_germanium", 160, 4},
	{"282560", "gallium_germanium", 9, 5}, {"250410", "graphite", 1.3, 6}, {"380110", "graphite", 2.6, 6},
	{"283691", "lithium", 14, 5}, {"282520", "lithium", 16, 4}, {"810520", "cobalt", 32, 7},
	{"282200", "cobalt", 24, 6}, {"790390", "cover", 3.2, 10}, {"720529", "cover", 1.6, 11},
	{"850511", "rare_earths", 48, 6}, {"360690", "rare_earths", 14, 5}, {"720299", "rare_earths", 4, 9},
	{"253090", "rare_earths", 0.5, 12}, {"261220", "rare_earths", 2, 4}, {"382499", "cover", 5, 14},
	{"848690", "cover", 120, 10}, {"811299", "gallium_germanium", 210, 5}, {"282590", "gallium_germanium", 11, 9},
	{"285000", "gallium_germanium", 25, 8}, {"285390", "gallium_germanium", 60, 7}, {"381800", "gallium_germanium", 240, 8},
	{"811231", "gallium_germanium", 420, 4}, {"811241", "gallium_germanium", 900, 4}, {"261710", "antimony", 4, 6},
	{"811020", "antimony", 5, 7}, {"811090", "antimony", 14, 6}, {"261100", "tungsten", 13, 7},
	{"810194", "tungsten", 45, 6}, {"810196", "tungsten", 70, 7}, {"810197", "tungsten", 16, 9},
	{"810199", "tungsten", 60, 8}, {"284990", "tungsten", 28, 8}, {"720280", "tungsten", 30, 5},
	{"261590", "tantalum", 40, 7}, {"810320", "tantalum", 380, 6}, {"810330", "tantalum", 150, 7},
	{"810391", "tantalum", 520, 6}, {"810399", "tantalum", 460, 6}, {"260500", "cobalt", 6, 4},
	{"250490", "graphite", 0.9, 6}, {"380190", "graphite", 3.5, 9}, {"810610", "bismuth", 13, 5},
	{"810690", "bismuth", 11, 6}, {"280450", "tellurium", 55, 6}, {"810411", "magnesium", 3.4, 5},
	{"261310", "molybdenum", 22, 6}, {"261390", "molybdenum", 19, 6}, {"280461", "silicon", 17, 6},
	{"720510", "cover", 1.1, 11}, {"720521", "cover", 2.4, 11}, {"381010", "cover", 7, 13},
	{"690721", "cover", 0.6, 14}, {"321310", "cover", 9, 12}, {"961800", "cover", 12, 10},
	{"260800", "cover", 1.2, 9}, {"260111", "cover", 0.12, 8},
	// Calm goods: large, many producers, reports that agree better.
	{"440711", "wood", 0.55, 14}, {"760110", "aluminium", 2.5, 13}, {"170199", "sugar", 0.55, 12},
	{"040690", "cheese", 5.5, 13}, {"100199", "wheat", 0.3, 10}, {"220421", "wine", 4, 12},
	{"310210", "fertiliser", 0.4, 11}, {"390120", "plastics", 1.4, 14}, {"480257", "paper", 1, 13},
	{"720839", "steel", 0.8, 14}, {"940360", "furniture", 3.2, 16}, {"080390", "bananas", 0.8, 9},
	{"020230", "beef", 5, 9}, {"870323", "cars", 12, 14},
}

const calmGoods = 14

// editionBreaks are goods of the 2022 edition that the 2017 edition books
// under another code (UN correlation tables, HS 2022 to HS 2017).
var editionBreaks = map[string]string{
	"810610": "810600", "810690": "810600",
	"810391": "810390", "810399": "810390",
	"811231": "811292", "811241": "811292",
}

// coverCodes are goods under whose names others travel in this world.
const coverFamily = "cover"
