//! A federation of electronic identity, with us as one of its service providers.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::{Arc, PoisonError, RwLock},
    time::SystemTime,
};

use base::{Date, Timestamp};

use crate::{
    Certificate, KeyError, Signer,
    declared::{AttributeSet, Binding, Declared, EIDAS_MINIMUM, Membership, Organisation, Technical},
    saml::{CertificateOwner, Described, FederationMember, Provider, read_providers},
};

/// Which one: they speak the same language with different rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Sistema pubblico di identità digitale.
    Spid,
    /// The electronic identity card.
    Cie,
}

impl Kind {
    /// Where our metadata for it lie.
    pub(crate) const fn metadata_path(self) -> &'static str {
        match self {
            Self::Spid => "/accesso/saml/metadata",
            Self::Cie => "/accesso/cie/metadata",
        }
    }
}

/// Our place in a federation.
pub(crate) struct Federation {
    pub(crate) kind: Kind,
    /// Our name there.
    pub(crate) entity_id: String,
    /// The first signs; others stand in our metadata because they will, or did.
    pub(crate) keys: Vec<Signer>,
    pub(crate) organisation: Organisation,
    /// Who runs the program for us (CIE).
    pub(crate) technical: Option<Technical>,
    pub(crate) sets: Vec<AttributeSet>,
    pub(crate) binding: Binding,
    /// Entity ID of the Italian node of eIDAS, a provider of SPID with attribute sets of its own.
    pub(crate) eidas: Option<String>,
    sources: Sources,
    providers: RwLock<Read>,
}

/// What was read, and of which files.
#[derive(Default)]
struct Read {
    stamps: Vec<Stamp>,
    providers: Vec<Arc<Provider>>,
    /// Whom files describe and nobody can go to, and why, in Italian.
    unusable: Vec<String>,
}

/// A file changed when its stamp did.
type Stamp = (PathBuf, Option<SystemTime>, u64);

/// Where providers come from.
#[derive(Default)]
pub(crate) struct Sources {
    places: Vec<PathBuf>,
    registry: Vec<Certificate>,
    /// Providers that no file describes: the demonstration's.
    fixed: Vec<Arc<Provider>>,
}

/// Where we are, on which day, with which keys.
pub(crate) struct Site<'a> {
    pub(crate) public_url: &'a str,
    pub(crate) keys: &'a Path,
    pub(crate) today: Date,
}

impl Site<'_> {
    /// Our usual name in a federation.
    fn name_in(&self, kind: Kind) -> String {
        match kind {
            Kind::Spid => self.public_url.to_owned(),
            // SPID's metadata are another document: whoever asks for this name finds the right one.
            Kind::Cie => format!("{}{}", self.public_url, kind.metadata_path()),
        }
    }
}

impl Federation {
    /// As the file declares it, with the metadata of its providers read. Where they cannot be read nobody comes in by this
    /// federation until they can; everything else goes on.
    ///
    /// # Errors
    /// [`FederationError`]: a key, or the registry's certificate, that cannot be used.
    pub(crate) fn enter(
        kind: Kind,
        declared: &Declared,
        member: &Membership,
        site: &Site,
    ) -> Result<Self, FederationError> {
        let entity_id = member.entity_id.clone().unwrap_or_else(|| site.name_in(kind));
        let organisation = declared.organisation.clone();
        let sources = Sources {
            places: declared.places(&member.providers),
            registry: declared.registry(&member.registry).map_err(FederationError::Metadata)?,
            fixed: Vec::new(),
        };
        let keys = open_keys(&member.keys, &entity_id, &organisation, site)?;
        let federation = Self {
            kind,
            binding: member.binding,
            sets: member.attributes.clone(),
            technical: member.technical.clone(),
            eidas: member.eidas.clone(),
            ..Self::bare(entity_id, keys, organisation, sources)
        };
        if let Err(trouble) = federation.reread() {
            tracing::error!(trouble, "the metadata of identity providers cannot be used: nobody can log in by them");
        }
        Ok(federation)
    }

    /// A federation with nothing declared, for demonstrations.
    pub(crate) fn bare(entity_id: String, keys: Vec<Signer>, organisation: Organisation, sources: Sources) -> Self {
        Self {
            kind: Kind::Spid,
            entity_id,
            keys,
            technical: None,
            sets: vec![AttributeSet::usual(&organisation.name)],
            organisation,
            binding: Binding::default(),
            eidas: None,
            sources,
            providers: RwLock::default(),
        }
    }

    /// With a provider that no file describes.
    pub(crate) fn with(mut self, provider: Provider) -> Self {
        self.sources.fixed.push(Arc::new(provider));
        let read = self.providers.get_mut().unwrap_or_else(PoisonError::into_inner);
        read.providers.extend(self.sources.fixed.last().cloned());
        self
    }

    /// What we sign with.
    pub(crate) fn signer(&self) -> &Signer {
        self.keys.first().expect("a federation is made with at least one key")
    }

    /// Everybody whose metadata hold now, in the order of the page.
    pub(crate) fn providers(&self, now: Timestamp) -> Vec<Arc<Provider>> {
        let read = self.providers.read().unwrap_or_else(PoisonError::into_inner);
        read.providers.iter().filter(|provider| provider.is_valid(now)).cloned().collect()
    }

    /// Whether metadata of providers are taken only with the signature of a registry.
    pub(crate) fn trusts_registry(&self) -> bool {
        !self.sources.registry.is_empty()
    }

    /// Whether this is the node of eIDAS.
    pub(crate) fn is_eidas(&self, provider: &Provider) -> bool {
        self.eidas.as_ref() == Some(&provider.entity_id)
    }

    /// What is asked of `provider` when people come for `service`: an index in our metadata.
    pub(crate) fn attribute_set(&self, provider: &Provider, service: Option<&str>) -> usize {
        if self.is_eidas(provider) {
            return EIDAS_MINIMUM;
        }
        let listed = |set: &AttributeSet| set.services.iter().any(|one| Some(one.as_str()) == service);
        self.sets.iter().position(listed).unwrap_or(0)
    }

    /// Reads the metadata of providers again if a file changed; whether one did. What cannot be read changes nothing:
    /// people come in with what was known before.
    ///
    /// # Errors
    /// In Italian: the file and what is wrong with it.
    pub(crate) fn reread(&self) -> Result<bool, String> {
        let files = self.sources.files()?;
        let stamps: Vec<_> = files.iter().map(|file| stamp(file)).collect();
        let known = self.providers.read().unwrap_or_else(PoisonError::into_inner).stamps.clone();
        if known == stamps {
            return Ok(false);
        }
        let (mut providers, mut unusable) = (self.sources.fixed.clone(), Vec::new());
        for file in &files {
            match self.sources.read(file) {
                Ok(described) => {
                    providers.extend(described.providers.into_iter().map(Arc::new));
                    unusable.extend(described.unusable);
                }
                // At a start nothing is known yet: the other files are better than nothing.
                Err(why) if known.is_empty() => unusable.push(why),
                Err(why) => return Err(why),
            }
        }
        refuse_doubles(&providers)?;
        let mut read = self.providers.write().unwrap_or_else(PoisonError::into_inner);
        if providers.is_empty() && !unusable.is_empty() {
            return Err(unusable.join("; "));
        }
        if providers.is_empty() {
            return Err("le cartelle indicate in providers non contengono nessun file .xml di metadata".to_owned());
        }
        unusable.iter().for_each(|why| tracing::error!(why, "an identity provider cannot be used"));
        *read = Read { stamps, providers, unusable };
        Ok(true)
    }

    /// Whom files describe and nobody can go to, and why, in Italian.
    pub(crate) fn unusable(&self) -> Vec<String> {
        self.providers.read().unwrap_or_else(PoisonError::into_inner).unusable.clone()
    }
}

impl Sources {
    /// Files as they are, and those in folders by name.
    fn files(&self) -> Result<Vec<PathBuf>, String> {
        let mut files = Vec::new();
        for place in &self.places {
            if !place.is_dir() {
                files.push(place.clone());
                continue;
            }
            let told = |error: std::io::Error| format!("non posso leggere {}: {error}", place.display());
            let entries = fs::read_dir(place).map_err(told)?;
            let mut inside = entries.map(|entry| entry.map(|entry| entry.path())).collect::<Result<Vec<_>, _>>();
            if let Ok(paths) = &mut inside {
                paths.retain(|path| path.extension().is_some_and(|kind| kind == "xml"));
                paths.sort();
            }
            files.extend(inside.map_err(told)?);
        }
        Ok(files)
    }

    fn read(&self, file: &Path) -> Result<Described, String> {
        let text = fs::read_to_string(file);
        let text = text.map_err(|error| format!("non posso leggere {}: {error}", file.display()))?;
        read_providers(&text, &self.registry).map_err(|why| format!("{}: {why}", file.display()))
    }
}

fn stamp(file: &Path) -> Stamp {
    let facts = fs::metadata(file).ok();
    let size = facts.as_ref().map_or(0, fs::Metadata::len);
    (file.to_owned(), facts.and_then(|facts| facts.modified().ok()), size)
}

fn refuse_doubles(providers: &[Arc<Provider>]) -> Result<(), String> {
    let mut ids: Vec<_> = providers.iter().map(|provider| &provider.id).collect();
    ids.sort_unstable();
    match ids.windows(2).find(|pair| pair[0] == pair[1]) {
        Some(pair) => Err(format!("il gestore {} è descritto due volte: togli uno dei due file", pair[0])),
        None => Ok(()),
    }
}

fn open_keys(
    names: &[String],
    entity_id: &str,
    organisation: &Organisation,
    site: &Site,
) -> Result<Vec<Signer>, KeyError> {
    let owner = CertificateOwner::Member(FederationMember {
        name: &organisation.name,
        entity_id,
        ipa_code: &organisation.ipa_code,
        locality: &organisation.locality,
        // Validity begins at midnight of Greenwich, when the day in Rome is an hour or two old; and clocks elsewhere are slow.
        from: site.today.yesterday().unwrap_or(site.today),
    });
    names.iter().map(|name| Signer::open_or_certify(site.keys, name, &owner)).collect()
}

/// Why a federation cannot be entered.
#[derive(Debug, thiserror::Error)]
pub enum FederationError {
    /// The certificate of the registry; told in Italian.
    #[error("{0}")]
    Metadata(String),
    /// Our keys.
    #[error(transparent)]
    Key(#[from] KeyError),
}
