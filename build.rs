//! Packs the files of the inspector page, so that the program and what it sends to a browser stay small, and writes their table.

use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    #[cfg(feature = "inspector")]
    pages::pack()?;
    println!("cargo::rerun-if-changed=build.rs");
    Ok(())
}

#[cfg(feature = "inspector")]
mod pages {
    use std::error::Error;
    use std::fmt::Write as _;
    use std::fs;
    use std::io::Write as _;
    use std::path::{Path, PathBuf};

    use flate2::Compression;
    use flate2::write::GzEncoder;

    const FOLDER: &str = "src/inspector/page";

    /// Writes each file, packed, and a Rust expression with all of them, into the folder of the build.
    pub fn pack() -> Result<(), Box<dyn Error>> {
        println!("cargo::rerun-if-changed={FOLDER}");
        let root = Path::new(&std::env::var("CARGO_MANIFEST_DIR")?).join(FOLDER);
        let out = PathBuf::from(std::env::var("OUT_DIR")?);
        let mut table = "&[\n".to_owned();
        for (number, name) in names(&root)?.iter().enumerate() {
            let packed = out.join(format!("page-{number}.gz"));
            let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
            encoder.write_all(&fs::read(root.join(name))?)?;
            fs::write(&packed, encoder.finish()?)?;
            writeln!(table, "PageFile {{ name: {name:?}, packed: include_bytes!({packed:?}) }},")?;
        }
        table.push(']');
        fs::write(out.join("page_files.rs"), table)?;
        Ok(())
    }

    /// The paths of the files below a folder, sorted, with `/` between their parts.
    fn names(root: &Path) -> Result<Vec<String>, Box<dyn Error>> {
        let mut folders = vec![root.to_owned()];
        let mut names = Vec::new();
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder)? {
                let path = entry?.path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    let parts = path.strip_prefix(root)?.iter().map(|part| part.to_string_lossy());
                    names.push(parts.collect::<Vec<_>>().join("/"));
                }
            }
        }
        names.sort();
        Ok(names)
    }
}
