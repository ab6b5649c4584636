//! Names, grades and prices of the demo company's goods.

/// A kind of goods and its grades.
pub(super) struct Goods {
    /// Code of the category.
    pub(super) category: &'static str,
    pub(super) name: &'static str,
    /// Price per unit of the first grade, in cents.
    pub(super) cents: i64,
    pub(super) grades: [&'static str; 4],
}

const fn goods(
    category: &'static str,
    name: &'static str,
    cents: i64,
    grades: [&'static str; 4],
) -> Goods {
    Goods { category, name, cents, grades }
}

/// Code, name, code of the parent category. Top-level categories have none.
pub(super) const CATEGORIES: [(&str, &str, Option<&str>); 27] = [
    ("TL", "涂料", None),
    ("SL", "塑料", None),
    ("XJ", "橡胶", None),
    ("SZ", "树脂", None),
    ("TL01", "环氧涂料", Some("TL")),
    ("TL02", "聚氨酯涂料", Some("TL")),
    ("TL03", "丙烯酸涂料", Some("TL")),
    ("TL04", "水性涂料", Some("TL")),
    ("TL05", "粉末涂料", Some("TL")),
    ("TL06", "固化剂与稀释剂", Some("TL")),
    ("SL01", "尼龙", Some("SL")),
    ("SL02", "聚碳酸酯", Some("SL")),
    ("SL03", "ABS", Some("SL")),
    ("SL04", "聚丙烯", Some("SL")),
    ("SL05", "聚甲醛", Some("SL")),
    ("SL06", "热塑性弹性体", Some("SL")),
    ("XJ01", "丁腈橡胶", Some("XJ")),
    ("XJ02", "三元乙丙橡胶", Some("XJ")),
    ("XJ03", "天然与丁苯橡胶", Some("XJ")),
    ("XJ04", "特种橡胶", Some("XJ")),
    ("XJ05", "橡胶助剂", Some("XJ")),
    ("SZ01", "不饱和聚酯树脂", Some("SZ")),
    ("SZ02", "环氧树脂", Some("SZ")),
    ("SZ03", "乙烯基酯树脂", Some("SZ")),
    ("SZ04", "酚醛与氨基树脂", Some("SZ")),
    ("SZ05", "增强材料", Some("SZ")),
    (NEW_RESINS, "新树脂", Some("SZ")),
];

/// The only category of new products.
pub(super) const NEW_RESINS: &str = "SZ09";

const COLOURS: [&str; 4] = ["RAL7035 浅灰", "RAL9003 信号白", "RAL5015 天蓝", "RAL6018 黄绿"];
const BARRELS: [&str; 4] = ["4kg 听装", "18kg 桶装", "25kg 桶装", "200kg 大桶"];

/// All goods: fifty kinds of four grades.
pub(super) const GOODS: [Goods; 50] = [
    goods("TL01", "环氧富锌底漆", 2_680, ["含锌60%", "含锌70%", "含锌77%", "含锌80%"]),
    goods("TL01", "环氧云铁中间漆", 1_950, ["灰 20kg", "灰 25kg", "红 20kg", "厚浆型 25kg"]),
    goods("TL01", "环氧地坪面漆", 2_180, COLOURS),
    goods("TL01", "环氧煤沥青防腐漆", 1_620, ["黑 20kg", "棕 20kg", "厚浆型", "无溶剂型"]),
    goods("TL02", "聚氨酯面漆", 3_350, COLOURS),
    goods("TL02", "脂肪族聚氨酯清漆", 3_880, ["高光", "半光", "哑光", "耐候型"]),
    goods("TL02", "聚氨酯木器漆", 2_950, ["白底漆", "透明底漆", "清面漆 亮光", "清面漆 哑光"]),
    goods("TL03", "丙烯酸面漆", 2_450, COLOURS),
    goods("TL03", "丙烯酸快干底漆", 1_980, ["铁红", "灰", "白", "黑"]),
    goods("TL04", "水性环氧防锈底漆", 2_380, ["铁红 20kg", "灰 20kg", "铁红 200kg", "灰 200kg"]),
    goods("TL04", "水性工业面漆", 2_760, COLOURS),
    goods("TL05", "环氧聚酯粉末涂料", 1_850, ["砂纹黑", "平光白", "锤纹银", "桔纹灰"]),
    goods("TL05", "户外纯聚酯粉末", 2_150, ["高光白", "哑光黑", "木纹底", "氟碳级"]),
    goods("TL06", "环氧固化剂", 2_880, ["650 型", "T-31 型", "腰果酚型", "冬用型"]),
    goods("TL06", "聚氨酯固化剂", 4_200, ["N-75", "L-75", "HT-100", "耐黄变型"]),
    goods("TL06", "环氧稀释剂", 1_120, BARRELS),
    goods("SL01", "PA66 GF30", 2_750, ["本色", "黑色", "阻燃 V0", "耐水解"]),
    goods("SL01", "PA6 GF30", 2_050, ["本色", "黑色", "阻燃 V0", "增韧"]),
    goods("SL01", "PA66 纯树脂", 2_380, ["高粘", "中粘", "低粘", "抗UV"]),
    goods("SL02", "PC 通用级", 1_880, ["MI 7", "MI 10", "MI 15", "MI 22"]),
    goods("SL02", "PC/ABS 合金", 2_120, ["电镀级", "阻燃 V0", "高耐热", "高流动"]),
    goods("SL03", "ABS 通用级", 1_260, ["本色", "黑色", "白色", "高光"]),
    goods("SL03", "ABS 阻燃级", 1_980, ["V0 本色", "V0 黑色", "V2 白色", "无卤 V0"]),
    goods("SL04", "PP 改性料", 1_150, ["滑石粉 20%", "滑石粉 40%", "玻纤 30%", "长玻纤 40%"]),
    goods("SL04", "PP 共聚", 860, ["注塑 MI 10", "注塑 MI 30", "挤出 MI 2", "薄壁 MI 60"]),
    goods("SL05", "POM 共聚", 1_420, ["M25", "M90", "M270", "耐磨级"]),
    goods("SL06", "TPE 包胶料", 1_950, ["50A 本色", "60A 黑色", "70A 本色", "80A 黑色"]),
    goods("SL06", "TPU 聚酯型", 2_280, ["75A", "85A", "95A", "64D"]),
    goods("XJ01", "NBR 丁腈橡胶", 1_780, ["丙烯腈 26%", "丙烯腈 33%", "丙烯腈 41%", "粉末型"]),
    goods("XJ01", "HNBR 氢化丁腈", 18_600, ["饱和 90%", "饱和 96%", "饱和 99%", "低温型"]),
    goods("XJ02", "EPDM 三元乙丙", 2_280, ["低门尼", "中门尼", "高门尼", "充油型"]),
    goods("XJ02", "EPDM 混炼胶", 1_680, ["60A 挤出", "70A 挤出", "70A 模压", "海绵条"]),
    goods("XJ03", "天然橡胶", 1_560, ["SCR WF", "SCR 10", "RSS 3", "恒粘 CV60"]),
    goods("XJ03", "丁苯橡胶 SBR", 1_380, ["1500E", "1502", "1712", "1723"]),
    goods("XJ04", "氟橡胶 FKM", 12_800, ["26 型", "246 型", "耐低温型", "过氧化物型"]),
    goods("XJ04", "甲基乙烯基硅橡胶", 2_650, ["40A", "50A", "60A", "70A"]),
    goods("XJ04", "氯丁橡胶 CR", 4_550, ["CR121", "CR232", "CR244", "CR322"]),
    goods("XJ05", "橡胶炭黑", 860, ["N220", "N330", "N550", "N660"]),
    goods("XJ05", "橡胶促进剂", 2_380, ["CBS", "TMTD", "DPG", "MBTS"]),
    goods("SZ01", "不饱和树脂", 1_180, ["191 通用", "196 韧性", "199 耐热", "食品级"]),
    goods("SZ01", "胶衣树脂", 1_860, ["33 间苯", "34 耐水", "白胶衣", "喷涂型"]),
    goods("SZ02", "双酚A环氧树脂", 1_680, ["E-51", "E-44", "E-20", "E-12"]),
    goods("SZ02", "酚醛环氧树脂", 3_280, ["F-44", "F-51", "邻甲酚型", "电子级"]),
    goods("SZ03", "乙烯基酯树脂", 2_550, ["标准型", "酚醛型", "阻燃型", "低苯乙烯"]),
    goods("SZ04", "酚醛树脂", 1_280, ["耐火级", "摩擦级", "磨具级", "覆铜板级"]),
    goods("SZ04", "氨基树脂", 1_420, ["丁醚化", "甲醚化", "高亚氨基", "苯代三聚氰胺"]),
    goods("SZ05", "无碱玻璃纤维", 620, ["毡 300g", "毡 450g", "布 400g", "直接纱 2400"]),
    goods(NEW_RESINS, "生物基环氧树脂", 4_680, ["B-30", "B-45", "低粘型", "浇注型"]),
    goods(NEW_RESINS, "水性丙烯酸树脂", 2_080, ["通用型", "自交联", "羟基型", "防锈型"]),
    goods(NEW_RESINS, "光固化聚氨酯丙烯酸酯", 5_250, ["二官能", "三官能", "六官能", "九官能"]),
];
