//! The faults of bundles and their signatures, in both languages.
//!
//! Owns codes, texts and hints. Must not know when each is reported, nor its path.

use crate::faults;

faults! {
    // Files.
    no_manifest(file) = InputValue, "a bundle has one file `{file}`", "定义包应有一个 `{file}` 文件",
        hint "`tradewind schema export` writes it", "由 `tradewind schema export` 写出";
    unreadable_manifest(line, column, fault) = InputValue, "the manifest cannot be read at line {line}, column {column}: {fault}", "清单第 {line} 行第 {column} 列无法解析：{fault}";
    other_format(format, known) = InputValue, "the bundle has format {format}, and this program reads format {known}", "定义包的格式为 {format}，本程序可读格式 {known}",
        hint "export it with this program", "请用本程序导出";
    no_part_path(path, folders) = InputValue, "`{path}` is no file of a bundle", "`{path}` 不是定义包的文件",
        hint "there are {folders}; objects end in `.graphql`, everything else in `.toml`", "可用的文件夹：{folders}；对象文件以 `.graphql` 结尾，其余以 `.toml` 结尾";
    file_twice(path) = InputValue, "the file `{path}` is given twice", "文件 `{path}` 重复给出";
    other_type(found, wanted) = InputValue, "this file is about `{wanted}` and has `{found}`, too", "此文件应只含 `{wanted}`，但还有 `{found}`",
        hint "give each type a file of its own", "每个类型请单独成文件";
    large_bundle(most) = InputValue, "the files of a bundle have at most {most} MiB together", "定义包的文件合计不能超过 {most} MiB";

    // Signatures.
    unsigned() = CatalogSignature, "the bundle is not signed", "定义包没有签名",
        hint "sign it with `tradewind schema export --sign`, or say that an unsigned one is meant", "请用 `tradewind schema export --sign` 签名，或声明接受未签名的定义包";
    unreadable_signature() = CatalogSignature, "the signature cannot be read", "签名无法解析",
        hint "give the text of the file that `tradewind schema export --sign` wrote", "请提供 `tradewind schema export --sign` 写出的文件内容";
    altered() = CatalogSignature, "the bundle is not what was signed: a file was changed, added or removed, or the signature is another's", "定义包与签名不符：有文件被修改、新增或移除，或签名属于其他定义包",
        hint "export and sign it again", "请重新导出并签名";
    unknown_signer(key) = CatalogSignature, "the bundle is signed by the key `{key}`, which is not trusted here", "定义包由密钥 `{key}` 签名，此处不信任该密钥",
        hint "the setting `schema.trusted_keys` lists those that are", "受信任的密钥见设置 `schema.trusted_keys`";
    unreadable_key() = CatalogSignature, "this is no private Ed25519 key", "这不是 Ed25519 私钥",
        hint "`tradewind schema keygen` makes one", "可用 `tradewind schema keygen` 生成";
}
