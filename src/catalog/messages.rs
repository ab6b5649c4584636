//! Messages about definitions, in both languages.
//!
//! Owns the texts; must not know when each is reported.

use crate::messages;

messages! {
    // Texts that cannot be read.
    too_large() = "the text is larger than 1 MiB", "文本超过 1 MiB";
    null_character() = "a text has the character U+0000, which is not kept; leave it out", "文字包含无法保存的字符 U+0000，请去掉该字符";
    too_deep() = "brackets are nested too deep", "括号嵌套过深";
    not_sdl() = "the text is not SDL", "文本不是有效的 SDL";
    expected(what) = "expected {what}", "此处应为{what}";
    end_of_text() = "the end of the text", "文本结尾";
    a_definition() = "`type`, `enum` or `extend`", " `type`、`enum` 或 `extend`";
    a_field() = "a field such as `name: String`", "字段，例如 `name: String`";
    a_list_value() = "a value such as `OPEN`", "选项值，例如 `OPEN`";
    colon_and_type() = "`:` and a type", " `:` 和类型";
    a_directive() = "a directive", "指令";
    an_argument() = "an argument such as `label: \"…\"`", "参数，例如 `label: \"…\"`";
    a_value() = "a value", "值";
    a_name() = "a name", "名称";
    a_type() = "a type", "类型";
    a_sign(sign) = "`{sign}`", " `{sign}`";
    something_else() = "something else", "其他内容";
    missing_brace() = "a `}}` is missing", "缺少 `}}`";
    empty_braces() = "leave empty braces away, or put something between them", "请去掉空的花括号，或在其中填写内容";
    double_quotes() = "write texts between straight double quotes", "文本请用英文双引号括起来";
    open_text() = "this text is not closed on its line, or has a wrong escape; write characters as they are", "此文本没有在本行结束，或转义有误；字符请直接书写";
    unquoted_names() = "names stand without quotes", "名称不加引号";
    no_name(word) = "`{word}` is no name", "`{word}` 不能用作名称";
    ascii_names(word) = "api names have ASCII letters only; put `{word}` into a label", "接口名只能使用 ASCII 字母；请把 `{word}` 写到标签中";
    list_without_spaces() = "write the type of a list without spaces: `[Customer!]!`", "列表类型中不要有空格：`[Customer!]!`";
    directives_before() = "directives of a type stand before its `{{`", "类型的指令写在它的 `{{` 之前";
    colon_between() = "write `:` between a name and its value", "名称与值之间请写 `:`";
    not_of_language(sign) = "`{sign}` is not part of the language; use ASCII punctuation", "`{sign}` 不属于定义语言；请使用英文标点";

    // Definitions.
    no_schema_block() = "a definition has no `schema` block", "定义中不能有 `schema` 块";
    no_directive_definitions() = "directives cannot be defined here", "此处不能定义指令";
    given_twice(name) = "`{name}` is given twice", "`{name}` 重复给出";
    already_defined(name) = "`{name}` is already defined", "`{name}` 已有定义";
    is_standard(name) = "`{name}` is a standard definition; use `extend`", "`{name}` 是标准定义，请使用 `extend`";
    other_at(line) = "the other one is at line {line} of this text", "另一处在本文本第 {line} 行";
    of_responsible(name) = "`{name}` is the name of a type that `@responsible` gives rise to", "`{name}` 是 `@responsible` 产生的类型名";
    neither_type_nor_enum(name) = "`{name}` is neither a `type` nor an `enum`; nothing else can be defined", "`{name}` 既不是 `type` 也不是 `enum`，不能定义其他内容";
    no_interfaces() = "an object implements no interfaces", "对象不能实现接口";
    defined_twice(name) = "`{name}` is defined twice here", "`{name}` 在此处定义了两次";
    no_enum_directives() = "the extension of an enum has no directives", "枚举的扩展不能有指令";
    directives_to_values() = "give them to its new values", "请写到新增的值上";
    only_extend() = "only a `type` or an `enum` can be extended", "只能扩展 `type` 或 `enum`";
    is_type(name) = "`{name}` is a `type`", "`{name}` 是 `type`";
    is_enum(name) = "`{name}` is an `enum`", "`{name}` 是 `enum`";
    none_to_extend(name) = "there is no `{name}` to extend", "没有可扩展的 `{name}`";
    already_has(owner, name) = "`{owner}` already has `{name}`", "`{owner}` 已有 `{name}`";
    no_extension_object() = "an extension has no `@object`", "扩展中不能有 `@object`";
    no_object(name) = "`{name}` has no `@object`", "`{name}` 没有 `@object`";
    every_type_is_object() = "every type is a business object: `@object(plural: \"…\")`", "每个类型都是业务对象：`@object(plural: \"…\")`";
    no_plural_of_lines() = "a line object has no `plural` of its own", "明细对象没有自己的 `plural`";
    needs_plural(name) = "`{name}` needs a `plural`", "`{name}` 需要 `plural`";
    for_example_plural(plural) = "for example `plural: \"{plural}\"`", "例如 `plural: \"{plural}\"`";
    lines_have_no(what) = "lines have no `{what}`", "明细没有 `{what}`";
    documents_counts() = "their document's counts for them", "以其单据的为准";
    no_list_values(name) = "the picklist `{name}` has no values", "选项列表 `{name}` 没有值";
    give_list_values(name) = "give it some: `enum {name} {{ OPEN CLOSED }}`", "请加上一些值：`enum {name} {{ OPEN CLOSED }}`";
    too_many_list_values() = "a picklist has at most 1,000 values", "选项列表最多 1,000 个值";

    // Names.
    the_field_name() = "field name", "字段名";
    the_plural() = "plural", "复数名";
    the_inverse() = "inverse", "反向列表名";
    bad_type_name(name, most) = "the type name `{name}` is not an upper camel case name of at most {most} ASCII letters and digits", "类型名 `{name}` 须以大写字母开头，由至多 {most} 个 ASCII 字母和数字组成";
    reserved_type_name(name) = "the type name `{name}` is reserved", "类型名 `{name}` 是保留名";
    bad_field_name(what, name, most) = "the {what} `{name}` is not a lower camel case name of at most {most} ASCII letters and digits", "{what} `{name}` 须以小写字母开头，由至多 {most} 个 ASCII 字母和数字组成";
    reserved_field_name(what, name) = "the {what} `{name}` is reserved", "{what} `{name}` 是保留名";
    bad_value_name(name, most) = "the picklist value `{name}` is not a name of at most {most} ASCII letters, digits and underscores", "选项值 `{name}` 须由至多 {most} 个 ASCII 字母、数字和下划线组成，并以字母开头";
    reserved_value_name(name) = "the picklist value `{name}` is reserved", "选项值 `{name}` 是保留名";
    begin_with_letter() = "begin it with a letter", "请以字母开头";
    shorter_value() = "choose a shorter one and put the shown name into `@label(zh:)`", "请选择较短的名称，显示名写到 `@label(zh:)`";
    a_label() = "a label", "标签";
    platforms_own() = "the platform uses it on its own; choose another name", "平台自身使用该名称，请换一个";
    shown_name_into_shorter(label) = "put the shown name into {label} and choose a shorter api name", "请把显示名写到 {label}，并选择较短的接口名";
    shown_name_into_english(label) = "put the shown name into {label} and choose an English api name", "请把显示名写到 {label}，并选择英文接口名";
    write(spelling) = "write `{spelling}`", "请写 `{spelling}`";
    did_you_mean(name) = "did you mean `{name}`?", "是否想写 `{name}`？";
    did_you_mean_directive(name) = "did you mean `@{name}`?", "是否想写 `@{name}`？";

    stored_as(name, other) = "`{name}` is stored as `{other}`, which is another field", "`{name}` 以 `{other}` 之名存储，而另有字段使用该名称";
    renamed_twice(name, from) = "`{name}` was called `{from}` twice", "`{name}` 的旧名 `{from}` 重复给出";

    // Directives.
    no_such_directive(name) = "there is no directive `@{name}`", "没有指令 `@{name}`";
    belongs_elsewhere(name) = "`@{name}` does not belong here", "`@{name}` 不能用在此处";
    belongs_to(places) = "it belongs to {places}", "它用于{places}";
    of_type() = "a `type`", " `type`";
    of_field() = "a field", "字段";
    of_enum() = "an `enum`", " `enum`";
    of_enum_value() = "a value of an `enum`", " `enum` 的值";
    stands_twice(name) = "`@{name}` stands here twice", "`@{name}` 在此处重复";
    no_such_argument(directive, name) = "`@{directive}` has no argument `{name}`", "`@{directive}` 没有参数 `{name}`";
    it_has(names) = "it has {names}", "它有 {names}";
    argument_takes(name, directive, what) = "the argument `{name}` of `@{directive}` takes {what}", "`@{directive}` 的参数 `{name}` 应为{what}";
    needs_argument(directive, name) = "`@{directive}` needs the argument `{name}`", "`@{directive}` 需要参数 `{name}`";
    a_value_not_null() = "a value, not `null`", "值，不能是 `null`";
    a_dimension_name() = "a name such as `DEPARTMENT`", "名称，例如 `DEPARTMENT`";
    a_text_in_quotes() = "a text in quotes", "带引号的文本";
    true_or_false() = "`true` or `false`", " `true` 或 `false`";
    a_whole_number() = "a whole number", "整数";
    one_of(names) = "one of {names}", " {names} 之一";

    // Fields and their types.
    unknown_field(object, name) = "`{object}` has no field `{name}`", "`{object}` 没有字段 `{name}`";
    own_fields() = "name fields of the object itself", "请写对象自己的字段";
    too_many_fields(most) = "an object has at most {most} fields", "一个对象最多 {most} 个字段";
    already_has_field(object, name) = "every `{object}` already has a `{name}`", "每个 `{object}` 都已有 `{name}`";
    no_field_arguments() = "a field takes no arguments", "字段没有参数";
    only_text_searched() = "only text can be searched", "只有文本可以搜索";
    no_list_of_lists() = "a list of lists cannot be stored", "不能存储列表的列表";
    no_list_of(ty) = "a list of `{ty}` cannot be stored", "不能存储 `{ty}` 的列表";
    instead_of_list() = "use an enum for a multi-picklist, an object for a relation, or `JSON`", "多选请用枚举，关联请用对象，或使用 `JSON`";
    many_takes_no_relation(name) = "`{name}` refers to many records and takes no `@relation`", "`{name}` 引用多条记录，不能有 `@relation`";
    only_single_inverse() = "only a single reference has an inverse; to see both sides, define an object between the two with a reference to each", "只有单条引用才有反向列表；要从两侧查看，请在两者之间定义一个对象，分别引用它们";
    does_not_fit_type(what, name) = "`{what}` does not fit the type of `{name}`", "`{what}` 不适用于 `{name}` 的类型";
    is_line_object_of_document(name) = "`{name}` is a line object; only its own document refers to it", "`{name}` 是明细对象，只有其单据可以引用它";
    use_list_with_lines() = "use a list with `@lines`", "请使用带 `@lines` 的列表";
    label_without_inverse() = "`inverseLabel` labels the inverse, which is not there", "`inverseLabel` 是反向列表的标签，但没有反向列表";
    name_inverse() = "name the list at the other side: `inverse: \"…\"`", "请为另一侧的列表命名：`inverse: \"…\"`";
    not_cleared(name) = "`{name}` is required and cannot be cleared on delete", "`{name}` 必填，删除时不能清空";
    forms_no_tree(name) = "`{name}` leads to another object, so it forms no tree", "`{name}` 指向其他对象，不能构成树";
    only_own_tree() = "only a relation of an object to itself is one", "只有对象指向自身的关联才能构成树";
    no_lines_of_lines() = "lines have no lines of their own", "明细不能再有明细";
    not_line_object(name) = "`{name}` is not a line object", "`{name}` 不是明细对象";
    define_as_line() = "define it with `@object(kind: LINE)`", "请用 `@object(kind: LINE)` 定义它";
    is_line_object(name) = "`{name}` is a line object", "`{name}` 是明细对象";
    add_lines() = "add `@lines`", "请加上 `@lines`";
    no_many_on_lines() = "lines have no many-to-many relations", "明细不能有多对多关联";
    one_or_document() = "refer to one record, or give the list to the document", "请引用一条记录，或把列表放到单据上";
    number_is_text() = "an auto-number is a `String`", "自动编号的类型是 `String`";
    form_does_not_fit(form, ty) = "`type: {form}` does not fit `{ty}`", "`type: {form}` 不适用于 `{ty}`";
    may_be(names) = "it may be {names}", "可以是 {names}";
    no_such_type(name) = "there is no type `{name}`", "没有类型 `{name}`";
    use_decimal() = "use `Decimal`, which is exact", "请使用精确的 `Decimal`";
    refer_by_type() = "every record has an `id`; refer to others by their type", "每条记录都有 `id`；引用其他记录请写其类型";
    write_text() = "write `String`, or `String @field(type: LONG_TEXT)`", "请写 `String` 或 `String @field(type: LONG_TEXT)`";
    types_there_are(names) = "there are {names}, enums and objects", "可用类型有 {names}，以及枚举和对象";
    max_from(most) = "`max` is from 1 to {most} here", "此处 `max` 的范围是 1 到 {most}";
    rating_from(low, high) = "`max` of a rating is from {low} to {high}", "评分的 `max` 的范围是 {low} 到 {high}";
    no_color(text) = "`{text}` is no colour", "`{text}` 不是颜色";
    write_color() = "write it as `#1677ff`", "请写成 `#1677ff`";
    depends_on_picklist(name, on) = "`{name}` can only depend on a field with one value of a picklist, and `{on}` is none", "`{name}` 只能依赖单选字段，而 `{on}` 不是";
    depends_on_unstored(name) = "`{name}` is computed when it is read, so no choice depends on it", "`{name}` 在读取时计算，不能作为选项的依赖";
    depends_on_itself(name) = "`{name}` depends on itself", "`{name}` 依赖于自身";
    nothing_under(list, by) = "no value of `{list}` says under which value of `{by}` it can be chosen", "`{list}` 的选项都没有说明在 `{by}` 的哪个值下可选";
    write_under(list) = "write `@option(under: [SOME_VALUE])` at values of `{list}`", "请在 `{list}` 的选项上写 `@option(under: [SOME_VALUE])`";
    under_no_value(value, under, by) = "`{value}` can be chosen under `{under}`, which is no value of `{by}`", "`{value}` 在 `{under}` 下可选，但 `{by}` 没有这个值";
    words_of(rich, name) = "`{name}` is the field with the words of the rich text `{rich}`", "`{name}` 是富文本 `{rich}` 的文字字段";
    scale_from() = "`scale` is from 0 to 8", "`scale` 的范围是 0 到 8";
    sum_or_count() = "a roll-up has one of `sum`, `min`, `max`, `avg` and `count: true`", "汇总须有 `sum`、`min`、`max`、`avg` 或 `count: true` 之一";
    other_rollup_type(name, ty) = "`{name}` is a `{ty}`; a count is an `Int`, a mean a `Decimal`, a sum a `Decimal` or an `Int`", "`{name}` 是 `{ty}`；计数应为 `Int`，平均值应为 `Decimal`，合计应为 `Decimal` 或 `Int`";

    // Links between objects.
    lines_of_another(name) = "`{name}` is already the line object of another field", "`{name}` 已是另一个字段的明细对象";
    own_lines_each() = "define a line object of its own for each field", "请为每个字段定义各自的明细对象";
    parent_name_taken(line, name) = "`{line}` has a field `{name}`, which is the name of its parent", "`{line}` 有字段 `{name}`，与其上级同名";
    parent_is_there() = "the parent is there without being defined; take the field out", "上级无需定义即已存在，请去掉该字段";
    lines_of_nothing(name) = "no document has `{name}` as its lines", "没有单据以 `{name}` 为明细";
    add_lines_field(name) = "add a field `lines: [{name}!]! @lines` to it", "请为单据加上字段 `lines: [{name}!]! @lines`";
    line_opens_with_document(name) = "`{name}` is a line: it is open where its document is", "`{name}` 是明细，随其单据开放";
    parent_on_document() = "put `parent: true` on a relation of the document", "请把 `parent: true` 写到单据的关联上";
    list_of_standard(object, name) = "`{object}` already has the list `{name}`, the inverse of a standard relation", "`{object}` 已有列表 `{name}`，它是标准关联的反向列表";
    inverse_taken(object, name) = "`{object}` already has a `{name}`; choose another inverse", "`{object}` 已有 `{name}`，请换一个反向列表名";
    no_lines_field(name, object) = "`{name}` is not a field with `@lines` of `{object}`", "`{name}` 不是 `{object}` 中带 `@lines` 的字段";
    sum_has_scale(scale) = "the sum has the scale of what is summed up, {scale}", "合计的小数位数与被汇总字段相同，为 {scale}";
    are_related(name) = "`{name}` are records of their own, not lines", "`{name}` 是独立的记录，不是明细";
    say_scope() = "say `scope: VIEWER`, and it is computed of those that the reader may see", "请写 `scope: VIEWER`，读取时按访问者可见的记录计算";
    are_lines(name) = "`{name}` are lines, whose roll-ups are stored", "`{name}` 是明细，其汇总随单据保存";
    leave_scope() = "leave out `scope`", "请去掉 `scope`";
    mean_has_scale(scale) = "the mean has no fewer digits than what is rolled up, {scale}, and no more than 8", "平均值的小数位数不少于被汇总字段的 {scale} 位，且不超过 8 位";
    sum_is_decimal(name) = "`{name}` is a `Decimal`, so its sum is one too", "`{name}` 是 `Decimal`，其合计也是";
    declare_decimal() = "declare the roll-up as a `Decimal`", "请把汇总字段定义为 `Decimal`";
    sum_is_int(name) = "`{name}` is an `Int`, so its sum is one too", "`{name}` 是 `Int`，其合计也是";
    declare_int() = "declare the roll-up as an `Int`", "请把汇总字段定义为 `Int`";
    no_number(name, object) = "`{name}` of `{object}` is not a number", "`{object}` 的 `{name}` 不是数字";

    // Keys and dimensions.
    cannot_name(name) = "the value of `{name}` cannot name a record to a person", "`{name}` 的值不能用作记录的名称";
    no_key_part(name) = "`{name}` cannot be part of a key", "`{name}` 不能用于键";
    long_key_part(name) = "`{name}` is too long to be part of a key", "`{name}` 过长，不能用于键";
    key_fields() = "a key has 1 to 8 fields", "键由 1 到 8 个字段组成";
    twice_in_key(name) = "`{name}` stands twice in the key", "`{name}` 在键中重复";
    wide_key(names, wide, most) = "the key is too wide: {names} hold up to {wide} bytes together, a key holds {most}", "键过长：{names} 合计可达 {wide} 字节，键最多 {most} 字节";
    smaller_max() = "give the texts a smaller `max`, four bytes for a character", "请为文本设置较小的 `max`，每个字符按四字节计";
    path_names_field() = "the path of a dimension names a field", "维度的路径须指明字段";
    dimension_path(path) = "the dimension path `{path}` leads over relations to a relation or a picklist", "维度路径 `{path}` 须经由关联到达一个关联或选项列表";
    dimension_twice(name) = "the dimension `{name}` is given twice", "维度 `{name}` 重复给出";
    dimension_of_standard(name) = "the dimension `{name}` comes with the standard definitions", "维度 `{name}` 由标准定义提供";
    switch_off_instead() = "`setDimensionControl` switches it off", "可用 `setDimensionControl` 将其关闭";
    no_dimension(object, name) = "`{object}` has no dimension `{name}`", "`{object}` 没有维度 `{name}`";
    no_employee_relation(object, name) = "`{object}` has no relation `{name}` to an employee", "`{object}` 没有指向员工的关联 `{name}`";

    // Expressions and formulas.
    no_default() = "this kind of field takes no default", "此类字段不能有默认值";
    no_default_of_computed() = "the server computes this field; it takes no default", "此字段由系统计算，不能有默认值";
    in_expression(text, fault) = "in the expression `{text}`: {fault}", "表达式 `{text}`：{fault}";
    reads_list() = "it cannot read lists", "不能读取列表";
    roll_up_instead() = "roll up lines into a field, and use that", "请先把明细汇总到字段，再使用该字段";
    changes_without(text, name) = "in the formula `{text}`: `{name}` changes without the formula being computed", "公式 `{text}`：`{name}` 变化时不会重新计算公式";
    read_given() = "read a field that people give", "请读取由人填写的字段";
    not_own(text, name) = "in the formula `{text}`: `{name}` is not the record's own", "公式 `{text}`：`{name}` 不是记录自己的字段";
    copy_by_default() = "copy the value into a field of the record by its default, and read that field", "请用默认值把该值复制到记录的字段，再读取该字段";
    goes_stale(text, function) = "in the formula `{text}`: what `{function}()` gives would not stay true in a stored value", "公式 `{text}`：`{function}()` 的结果存储后会过时";
    keep_the_day() = "keep the day in a field with a default, and read that field", "请用带默认值的字段保存日期，再读取该字段";
    reads_itself(circle) = "a formula reads itself: {circle}", "公式循环引用：{circle}";
    store_it() = "leave out `stored: false`, and it is kept with the record", "去掉 `stored: false`，其值即随记录保存";
    takes_no(name, option) = "`{name}` is computed when it is read, so it takes no `{option}`", "`{name}` 在读取时计算，不能使用 `{option}`";
    not_computed_when_read(name) = "the type of `{name}` is not computed when it is read", "`{name}` 的类型不能在读取时计算";
    sum_of_unstored(name) = "`{name}` is computed when it is read, so it is not summed up", "`{name}` 在读取时计算，不能汇总";
    reads_unstored(text, name) = "in the expression `{text}`: `{name}` is computed when it is read, so only formulas of its own record that are computed when they are read can read it", "表达式 `{text}`：`{name}` 在读取时计算，只有同一记录中同样在读取时计算的公式才能引用它";
    reads_the_caller(text, name) = "in the formula `{text}`: `{name}` would be another value for each caller", "公式 `{text}`：`{name}` 的值因访问者而异";
    leads_too_far(text, name, most) = "in the formula `{text}`: `{name}` leads over more than {most} relations", "公式 `{text}`：`{name}` 经过的关联超过 {most} 个";
    leads_too_wide(text, relations, most) = "the formula `{text}` leads over {relations} relations, at most {most} are looked up for a record", "公式 `{text}` 共经过 {relations} 个关联，每条记录最多查询 {most} 个";
    shorter_path() = "copy the value into a field of a nearer record, and read that field", "请把该值复制到较近的记录的字段，再读取该字段";
    too_many_operations(text, operations, most) = "the formula `{text}` has {operations} operations with those of the formulas it reads, at most {most} are computed for a record", "公式 `{text}` 连同其引用的公式共有 {operations} 个运算，每条记录最多计算 {most} 个";
    split_formula() = "store a part of it as a formula of its own", "请把其中一部分定义为单独存储的公式";
    too_fine(text, most) = "in the formula `{text}`: a result has more than {most} digits after the point", "公式 `{text}`：运算结果的小数位数超过 {most} 位";
    round_parts() = "round the parts first, as in `round(price, 4)`", "请先对各部分取整，例如 `round(price, 4)`";
    lists_when_read(text) = "in the formula `{text}`: a list is only looked into or counted when it is read", "公式 `{text}`：读取时计算的公式只能查找列表或统计其个数";
    compare_values() = "write `value in list`, or `size(list)`", "请写 `value in list` 或 `size(list)`";
    store_as_formula() = "store the result as a formula of its own, and read that field", "请把结果定义为单独存储的公式，再读取该字段";
    compares_records(text, name) = "in the condition `{text}`: `{name}` refers to another record", "条件 `{text}`：`{name}` 引用的是另一条记录";
    no_call_when_read(text, function) = "in the formula `{text}`: `{function}()` is not computed when it is read", "公式 `{text}`：`{function}()` 不能在读取时计算";
    keeps_when_computed() = "a formula stays stored, or stays computed when it is read; define a new field", "公式的存储方式不能改变；请定义新字段";
    leave_circle() = "take one of them out of the circle", "请去掉其中一处引用";
    said_twice(earlier, name) = "`{earlier}` says the same as `{name}`", "`{earlier}` 与 `{name}` 含义相同";
    required_anyway(name) = "`{name}` is always required by its `!`", "`{name}` 的 `!` 已使其始终必填";
    required_is_visible(name) = "`{name}` is always required by its `!`, so it has to be visible", "`{name}` 的 `!` 使其始终必填，因此必须可见";
    required_when_visible() = "leave out the `!` and write `requiredWhen: \"true\"`: it is required while it is visible", "请去掉 `!`，并写 `requiredWhen: \"true\"`：可见时必填";
    chooses_nothing(text) = "in the expression `{text}`: it does not read the record to choose", "表达式 `{text}`：没有读取待选记录";
    read_by_field(field) = "read it by the field itself, as in `{field}.status`", "请通过字段自身读取，例如 `{field}.status`";
    not_asked(text) = "in the expression `{text}`: candidates cannot be found by it", "表达式 `{text}`：无法据此查找候选记录";
    compare_one_field(field) = "compare one field of `{field}` with what does not read `{field}`, joined by `&&`, `||` and `!`", "请将 `{field}` 的一个字段与不读取 `{field}` 的值比较，并用 `&&`、`||`、`!` 连接";

    // Auto-numbers.
    long_format() = "a number format has at most 60 characters", "编号格式最多 60 个字符";
    open_part() = "`{{` has no closing `}}`", "`{{` 没有对应的 `}}`";
    closed_part() = "`}}` has no opening `{{`", "`}}` 没有对应的 `{{`";
    needs_sequence() = "a number format needs `{{seq:N}}`", "编号格式需要 `{{seq:N}}`";
    one_sequence() = "a number format has only one `{{seq:N}}`", "编号格式只能有一个 `{{seq:N}}`";
    no_control() = "a number format has no control characters", "编号格式不能有控制字符";
    sequence_width() = "`{{seq:N}}` takes a width from 1 to 12", "`{{seq:N}}` 的宽度是 1 到 12";
    no_number_part(name) = "`{{{name}}}` is not a part of a number; there are `{{yyyy}}`, `{{yy}}`, `{{MM}}`, `{{dd}}`, `{{seq:N}}` and values such as `{{department.code}}`", "`{{{name}}}` 不是编号的组成部分；可用 `{{yyyy}}`、`{{yy}}`、`{{MM}}`、`{{dd}}`、`{{seq:N}}`，以及 `{{department.code}}` 这样的字段值";
    counts_by_parts(name) = "`per` names parts of the format by which it counts, each once; `{name}` is none", "`per` 只能列出编号格式中的日期或字段部分，且不重复；`{name}` 不是";
    number_step(name) = "`{name}` is no relation to one record, so a number reads nothing over it", "`{name}` 不是指向单条记录的关系，编号不能经它取值";
    no_number_value(name) = "a number prints texts, choices and whole numbers; `{name}` is none", "编号只能包含文本、选项和整数；`{name}` 不是";
    number_of_unstored(name) = "`{name}` is computed when it is read, so no number prints it", "`{name}` 在读取时计算，编号不能包含它";
    computed_number_value(name) = "a number prints what is given; `{name}` is computed from the record itself", "编号只能包含填写的值；`{name}` 由记录自身计算得出";
    long_number_value(name, most) = "a value in a number has at most {most} characters; `{name}` may be longer", "编号中的值最多 {most} 个字符；`{name}` 可能更长";
    long_number_path(most) = "a number reads over at most {most} relations", "编号最多经过 {most} 层关系取值";

    // Names that collide.
    aggregate_of_list(name, list) = "`{name}` is what the list `{list}` comes to", "`{name}` 是列表 `{list}` 的统计字段名";
    nothing_writable(name) = "`{name}` has no field that can be written", "`{name}` 没有可填写的字段";
    give_a_field() = "give it one between braces: `{{ name: String! }}`", "请在花括号中加上字段：`{{ name: String! }}`";
    type_of_platform(name, ty) = "`{name}` gives rise to the type `{ty}`, which the platform has", "`{name}` 会产生类型 `{ty}`，平台已有该类型";
    name_of_derived(name, other) = "`{name}` is the name of a type that `{other}` gives rise to", "`{name}` 是 `{other}` 会产生的类型名";
    derived_is_defined(name, ty) = "`{name}` gives rise to the type `{ty}`, which is defined", "`{name}` 会产生类型 `{ty}`，该类型已有定义";
    both_derive(name, other, ty) = "`{name}` and `{other}` both give rise to the type `{ty}`", "`{name}` 与 `{other}` 都会产生类型 `{ty}`";
    plural_is_singular(name) = "the plural of `{name}` is also its singular", "`{name}` 的复数名与单数名相同";
    root_field_taken(field, name, other) = "the root field `{field}` of `{name}` is taken by {other}", "`{name}` 的根字段 `{field}` 已被{other}占用";
    the_platform() = "the platform", "平台";
    an_object(name) = "`{name}`", " `{name}` ";
    both_create(name, other, field) = "`{name}` and `{other}` both need the root field `{field}`", "`{name}` 与 `{other}` 都需要根字段 `{field}`";
    long_table(table) = "the names give the table `{table}`, which is longer than 60 characters", "由名称得出的表名 `{table}` 超过 60 个字符";
    reserved_table(table, name) = "the table `{table}` of `{name}` is reserved", "`{name}` 的表名 `{table}` 是保留名";
    both_need_table(name, other, table) = "`{name}` and `{other}` both need the table `{table}`", "`{name}` 与 `{other}` 都需要表 `{table}`";
    long_column(name, column) = "`{name}` gives the column `{column}`, which is too long", "由 `{name}` 得出的列名 `{column}` 过长";
    both_need_column(name, other, column) = "`{name}` and `{other}` both need the column `{column}`", "`{name}` 与 `{other}` 都需要列 `{column}`";
    other_api_name() = "choose another api name", "请换一个接口名";
    shorter_api_name() = "choose a shorter api name", "请选择较短的接口名";
    other_type_name() = "choose another type name", "请换一个类型名";
    other_plural() = "choose another plural", "请换一个复数名";
    other_plural_or_name() = "choose another plural or type name", "请换一个复数名或类型名";

    // Differences, and why they are refused.
    records_lost() = "its records would be lost; publish a draft without it to retire it", "其记录会丢失；如需停用，请发布不含它的草稿";
    value_held() = "records may hold the value; keep it", "可能有记录使用该值，请保留";
    keeps_kind() = "an object keeps its kind", "对象的种类不能改变";
    values_lost() = "its values would be lost; publish a draft without it to retire it", "其值会丢失；如需停用，请发布不含它的草稿";
    hidden_and_kept() = "what is stored is hidden and kept, and the name stays taken", "已存数据将隐藏并保留，其名称仍被占用";
    changed_meanwhile(name, version) = "`{name}` was changed by others, who published version {version}, and by this draft", "`{name}` 在此草稿中有改动，同时已被他人在版本 {version} 中修改";
    take_theirs_first() = "save the draft over the live version, with both changes in it", "请在当前版本的基础上合并双方改动后重新保存草稿";
    every_record_has() = "every record has it, new ones too", "每条记录（包括新记录）都须有值";
    was_called(name) = "it was called `{name}`", "原名 `{name}`";
    parent_keeps_name() = "rights go by the name of a parent; it keeps its name", "权限以上级关联的名称为准，其名称不能更改";
    kept_there(name) = "the values of `{name}`, which is retired, are kept there; choose another name", "该位置保存着已停用的 `{name}` 的数据，请使用其他名称";
    no_numbers() = "existing records get no number", "已有记录不会获得编号";
    no_values() = "existing records have no value until they are saved again", "已有记录在再次保存之前没有值";
    given_by_people() = "a formula would take the place of what was given; define a new field for it", "公式会取代已填写的值；请为它定义新字段";
    keeps_type() = "a field keeps its type unless its values are converted; the step `retypeField` does that", "字段的类型不能直接改变；可用步骤 `retypeField` 转换其值";
    not_convertible() = "values of the one type cannot be converted to the other; define a new field and move the values", "两种类型之间无法转换；请定义新字段并迁移数据";
    administrators_retype(field, object) = "only administrators give `{field}` of `{object}` another type: what can be converted tells of records of others", "仅管理员可以改变 `{object}` 的 `{field}` 的类型：能否转换会透露他人的记录";
    are_converted() = "the values are converted; `impact` says how many cannot be", "值将被转换；`impact` 说明有多少无法转换";
    of_formula(what, records) = "`{what}` (of {records})", "`{what}`（{records} 条）";
    stays_without() = "existing records without a value stay until they are saved again", "没有值的已有记录在再次保存之前保持不变";
    refused_if_shared() = "refused if stored records already share a value", "若已有记录的值重复则会被拒绝";
    destructive(what, reason) = "the change of `{what}` is destructive: {reason}", "对 `{what}` 的更改会丢失数据：{reason}";
    not_unique(object, names, why) = "`{object}` cannot be unique by {names}: {why}", "`{object}` 不能按 {names} 保持唯一：{why}";
    sees_all_first(names, object) = "only who sees {names} of every `{object}` makes them unique: some may be alike", "只有能看到每个 `{object}` 的 {names} 的人才能将其设为唯一：可能有记录的值相同";
    ask_or_new_object() = "ask an administrator to apply it, or give the key to an object that is new", "请由管理员应用该定义，或把键加到新对象上";
    have(many, values) = "{many} records have {values}", "{many} 条记录的值为 {values}";
    change_alike_first() = "change the records that are alike first", "请先修改值相同的记录";

    // The fields that rights depend on.
    starts_off() = "it starts switched off; `setDimensionControl` switches it on", "它起初是关闭的，可用 `setDimensionControl` 开启";
    takes_place(earlier) = "it takes the place of `{earlier}`, and its switch", "它取代 `{earlier}`，并沿用其开关";
    controls_no_more() = "it controls these records no more", "它不再控制这些记录";
    other_value() = "another value decides who may see the records", "改由另一个值决定记录对谁可见";
    go_by_systems() = "rights go by the systems that hold it", "权限取决于它所属的系统";
    go_by_business_line() = "rights go by its business line", "权限取决于它的业务线";
    go_by_responsible() = "rights go by whether its records have responsible employees, and who", "权限取决于其记录有无相关员工，以及是谁";
    go_by_below() = "rights go by what is below one of its records", "权限取决于其记录的下级";
    administrators_change(what) = "only administrators change {what}: it opens and closes records", "仅管理员可以更改{what}：它会开放或关闭记录";
    dimension_of(dimension, object) = "the dimension `{dimension}` of `{object}`", " `{object}` 的维度 `{dimension}`";
    what_rights_go_by(object) = "what rights on `{object}` go by", " `{object}` 的权限依据";

    custom_has_name(name) = "a custom definition has the name `{name}`; the standard one waits", "自定义内容已使用名称 `{name}`，标准定义暂不启用";
    rename_or_purge() = "it is served once the custom one is retired and purged", "停用并彻底清除该自定义内容后即可启用";

    // Standard definitions.
}
