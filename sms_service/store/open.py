"""Opening what the settings name."""

from sms_service.settings import Settings
from sms_service.store.bell import Bell
from sms_service.store.database import Database
from sms_service.store.sealing import Keyring


def open_database(settings: Settings, pool_size: int = 10) -> Database:
    """The database of these settings, with this installation's keys."""
    keyring = Keyring([str(key) for key in settings.data_keys], settings.lookup_keys)
    return Database(settings.database_url, keyring, pool_size)


def open_bell(settings: Settings) -> Bell:
    """The bell of these settings' Redis; SettingsError naming REDIS_URL when there is none."""
    return Bell.at(settings.redis_url)
