//! The demo company's employees.

/// An employee.
pub(super) struct Staff {
    /// The key, which is also the account if they sign in.
    pub(super) key: &'static str,
    pub(super) name: &'static str,
    /// Code of the department.
    pub(super) department: &'static str,
    pub(super) title: &'static str,
    /// Key of the manager.
    pub(super) manager: Option<&'static str>,
    /// Whether they own customers.
    pub(super) sells: bool,
}

const fn head(
    key: &'static str,
    name: &'static str,
    department: &'static str,
    title: &'static str,
) -> Staff {
    Staff { key, name, department, title, manager: Some("gao"), sells: false }
}

const fn works(
    key: &'static str,
    name: &'static str,
    department: &'static str,
    title: &'static str,
    manager: &'static str,
) -> Staff {
    Staff { key, name, department, title, manager: Some(manager), sells: false }
}

const fn sells(
    key: &'static str,
    name: &'static str,
    department: &'static str,
    manager: &'static str,
) -> Staff {
    Staff { key, name, department, title: "销售代表", manager: Some(manager), sells: true }
}

/// All employees, managers first.
pub(super) const STAFF: [Staff; 54] = [
    Staff {
        key: "gao",
        name: "高远帆",
        department: "HQ",
        title: "总经理",
        manager: None,
        sells: false,
    },
    head("he", "何振东", "XS", "销售总监"),
    head("zhao", "赵明远", "SH-TL", "涂料事业部总监"),
    head("shen", "沈志平", "SH-SL", "塑料事业部总监"),
    head("ding", "丁汉文", "SH-XJ", "橡胶事业部总监"),
    head("lu", "陆嘉诚", "SH-SZ", "树脂事业部总监"),
    head("wang", "王志刚", "TJ-FGS", "天津分公司经理"),
    head("huang", "黄金水", "QZ-FGS", "泉州分公司经理"),
    head("yu", "于海波", "QD-FGS", "青岛分公司经理"),
    head("tang", "唐雅琴", "SC", "市场部经理"),
    head("xie", "谢婉秋", "SW", "商务部经理"),
    head("cao", "曹慧敏", "KF", "客服经理"),
    head("cai", "蔡文斌", "CG", "采购经理"),
    head("wei", "魏红", "CW", "财务主管"),
    head("fan", "范德胜", "CY", "储运经理"),
    works("qian", "钱国栋", "SH-SL", "常务经理", "shen"),
    sells("zhang", "张伟强", "TJ-TL", "wang"),
    sells("li", "李建华", "TJ-TL", "wang"),
    sells("sun", "孙晓峰", "SH-SL", "qian"),
    works("zhou", "周丽萍", "TJ-FGS", "跟单员", "wang"),
    works("wu", "吴静怡", "SC", "市场专员", "tang"),
    works("zheng", "郑敏", "TJ-FGS", "客服专员", "wang"),
    works("feng", "冯涛", "TJ-FGS", "销售助理", "wang"),
    sells("liu", "刘向阳", "TJ-TL", "wang"),
    sells("chen", "陈立新", "TJ-SL", "wang"),
    sells("yang", "杨继东", "TJ-SL", "wang"),
    sells("tian", "田家乐", "TJ-FGS", "wang"),
    sells("xu", "徐俊杰", "SH-TL", "zhao"),
    sells("zhu", "朱文博", "SH-TL", "zhao"),
    sells("hu", "胡晓雯", "SH-TL", "zhao"),
    sells("guo", "郭鹏飞", "SH-SL", "shen"),
    sells("lin", "林思远", "SH-SL", "shen"),
    sells("luo", "罗启明", "SH-XJ", "ding"),
    sells("liang", "梁少华", "SH-XJ", "ding"),
    sells("song", "宋佳宁", "SH-SZ", "lu"),
    sells("han", "韩冬梅", "SH-SZ", "lu"),
    sells("deng", "邓国强", "ZN", "he"),
    sells("ma", "马跃进", "XB", "he"),
    sells("jiang", "蒋浩然", "HD", "he"),
    sells("tan", "谭永康", "HB", "he"),
    sells("su", "苏文海", "QZ-TL", "huang"),
    sells("zhuang", "庄清源", "QZ-SL", "huang"),
    sells("hong", "洪志雄", "QZ-XJ", "huang"),
    sells("ke", "柯明辉", "QZ-FGS", "huang"),
    sells("jiangqd", "姜卫国", "QD-TL", "yu"),
    sells("qu", "曲晓光", "QD-XJ", "yu"),
    sells("sui", "隋建军", "QD-FGS", "yu"),
    sells("bai", "白若琳", "GJ", "he"),
    works("pan", "潘玉洁", "SW", "跟单员", "xie"),
    works("yuan", "袁晓燕", "SW", "销售助理", "xie"),
    works("dong", "董丽华", "KF", "客服专员", "cao"),
    works("yan", "严冬青", "CG", "采购员", "cai"),
    works("du", "杜春梅", "CW", "会计", "wei"),
    works("shi", "石大勇", "CY", "仓库主管", "fan"),
];
